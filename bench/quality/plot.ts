import type { TopLevelSpec } from 'vega-lite';
import { svgOf } from '../svg-of.ts';
import { OURS } from './fit-ours.ts';
import type { ColumnResult, Peers } from './judgement.ts';
import { TARGETS } from './targets.ts';
import { floorOf, prototypeExcess } from './verdict.ts';

/** A thin upright bar, as a symbol. */
const BAR = 'M-0.2,-1.2H0.2V1.2H-0.2Z';

/** From the back to the front. Colours that the colour-blind tell apart (Okabe and Ito), and shapes for those who print. */
const CONTESTANTS = {
  prototype: { colour: '#8c8c8c', shape: BAR },
  RDT: { colour: '#e69f00', shape: 'triangle-up' },
  'scikit-learn': { colour: '#d55e00', shape: 'square' },
  [OURS.rows]: { colour: '#0072b2', shape: 'circle' },
};

/** Panels from left to right. A logarithmic axis has no zero: what is less than `least` is drawn there. */
const PANELS = {
  excess: { title: 'bits a value over the floor', least: -5, most: 2, leastLabel: '≤ 1e-5' },
  clipped: { title: 'share of rows that are clipped', least: -7, most: -2, leastLabel: 'none' },
  seconds: { title: 'CPU seconds, rows to model', least: -1, most: 2, leastLabel: '0.1' },
};

interface Point {
  panel: keyof typeof PANELS;
  column: string;
  contestant: string;
  value: number;
}

/** Bits lost, rows clipped and seconds to fit, one line a column, as SVG. */
export function plotResults(results: Record<string, ColumnResult>): Promise<string> {
  return svgOf(specification([...pointsOf(results)]));
}

function* pointsOf(results: Record<string, ColumnResult>): Generator<Point> {
  for (const contestant of Object.keys(CONTESTANTS))
    for (const [name, result] of Object.entries(results)) {
      const column = TARGETS[name].what.replaceAll('`', '');
      for (const [panel, value] of Object.entries(measuresOf(contestant, name, result)))
        yield { panel: panel as Point['panel'], column, contestant, value };
    }
}

/** What is known of a contestant, by panel. */
function measuresOf(contestant: string, name: string, { judgement, ours, peers }: ColumnResult) {
  if (contestant === 'prototype') return { excess: prototypeExcess(TARGETS[name], judgement) };
  const { bits, clipped } = judgement.contestants[contestant];
  const excess = bits - floorOf(judgement);
  if (contestant === OURS.rows) {
    const { binSeconds, fitSeconds } = ours[OURS.rows];
    return { excess, clipped, seconds: binSeconds + fitSeconds };
  }
  // RDT's own answers were measured, which it draws; what scikit-learn's components would answer, the judge says
  const { fitSeconds: seconds, ...measured } = peers!.contestants[contestant as keyof Peers['contestants']];
  return { excess, clipped: 'clipped' in measured ? measured.clipped : clipped, seconds };
}

function specification(points: readonly Point[]): TopLevelSpec {
  return {
    spacing: 36,
    bounds: 'flush',
    hconcat: Object.entries(PANELS).map(([name, panel], i) => ({
      data: { values: points.filter((point) => point.panel === name) },
      transform: [{ calculate: `max(datum.value, 1e${panel.least})`, as: 'drawn' }],
      width: 270,
      height: { step: 24 },
      mark: { type: 'point', filled: true, size: 80, opacity: 0.9 },
      encoding: {
        y: {
          field: 'column',
          type: 'nominal',
          sort: null,
          title: null,
          axis: { grid: true, ticks: false, domain: false, labels: i === 0, labelLimit: 240, labelPadding: 12 },
        },
        x: {
          field: 'drawn',
          type: 'quantitative',
          title: panel.title,
          scale: { type: 'log', domain: [10 ** panel.least, 10 ** panel.most] },
          axis: {
            values: Array.from({ length: panel.most - panel.least + 1 }, (_, tick) =>
              Number(`1e${panel.least + tick}`),
            ),
            labelExpr: `datum.index == 0 ? '${panel.leastLabel}' : format(datum.value, datum.value < 0.01 ? '.0e' : '~f')`,
          },
        },
        color: encoded('colour'),
        shape: encoded('shape'),
      },
    })),
    config: {
      legend: { orient: 'top' },
    },
  };
}

function encoded(part: 'colour' | 'shape') {
  const scale = { domain: Object.keys(CONTESTANTS), range: Object.values(CONTESTANTS).map((its) => its[part]) };
  return { field: 'contestant', type: 'nominal' as const, title: null, scale };
}
