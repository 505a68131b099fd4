import type { TopLevelSpec } from 'vega-lite';
import { svgOf } from '../svg-of.ts';
import type { GrowthPoint } from './point.ts';

/** Panels from left to right: what grows, and on what the runs were made. */
const PANELS: Record<GrowthPoint['of'], string> = {
  rows: 'rows of one column, two workers',
  columns: 'columns of 20,000 rows, one worker',
  partitions: 'partitions of 20 million rows, two workers',
  workers: 'workers, 10 million rows of four columns',
};
/** Panels from above: what was measured. */
const MEASURES = { seconds: 'seconds', peakMegabytes: 'peak memory, MB' } as const;
/** Blue for what was measured (Okabe and Ito), grey for what would be proportional to it. */
const COLOURS = { measured: '#0072b2', proportional: '#b0b0b0' };

/** Seconds and memory against all that grows, on logarithmic axes, as SVG. */
export function plotGrowth(points: readonly GrowthPoint[]): Promise<string> {
  return svgOf(specification(points));
}

function specification(points: readonly GrowthPoint[]): TopLevelSpec {
  return {
    spacing: 24,
    vconcat: Object.keys(MEASURES).map((measure) => ({
      bounds: 'flush',
      spacing: 56,
      hconcat: Object.keys(PANELS).map((of) =>
        panel(points, of as GrowthPoint['of'], measure as keyof typeof MEASURES),
      ),
    })),
    config: {
      axis: { tickCount: 5 },
      title: { fontWeight: 'normal', fontSize: 12 },
    },
  };
}

/** Between the first point and the last, with the line that time would follow if it went with what grows. */
function panel(points: readonly GrowthPoint[], of: GrowthPoint['of'], measure: keyof typeof MEASURES) {
  const own = points.filter((point) => point.of === of).map((point) => ({ count: point.count, value: point[measure] }));
  const last = own[own.length - 1];
  const proportional = own.map(({ count }) => ({
    count,
    value: of === 'workers' ? (own[0].value * own[0].count) / count : (last.value * count) / last.count,
  }));
  const isShown = measure === 'seconds' && of !== 'partitions';
  const values = own.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const encoding = {
    x: {
      field: 'count',
      type: 'quantitative' as const,
      scale: { type: 'log' as const, nice: false },
      title: null,
      axis: { format: '~s', values: own.map(({ count }) => count) },
    },
    y: {
      field: 'value',
      type: 'quantitative' as const,
      scale: { type: 'log' as const, domain: [least / 2, most * 2], nice: false },
      title: of === 'rows' ? MEASURES[measure] : null,
      axis: { format: '~s' },
    },
  };
  return {
    ...(measure === 'seconds' && { title: PANELS[of] }),
    width: 230,
    height: 150,
    layer: [
      ...(isShown
        ? [
            {
              data: { values: proportional },
              mark: { type: 'line' as const, color: COLOURS.proportional, strokeDash: [4, 4], clip: true },
              encoding,
            },
          ]
        : []),
      { data: { values: own }, mark: { type: 'line' as const, color: COLOURS.measured, point: true }, encoding },
    ],
  };
}
