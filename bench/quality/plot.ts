import type { TopLevelSpec } from 'vega-lite';
import { OURS } from './fit-ours.ts';
import type { ColumnResult } from './judgement.ts';
import { TARGETS } from './targets.ts';
import { floorOf, prototypeExcess } from './verdict.ts';

/** A logarithmic axis has no zero: what is less is drawn here, as the axis says. */
const LEAST = { excess: 1e-5, clipped: 1e-7 };

const CONTESTANTS = { [OURS.rows]: '#0072b2', prototype: '#999999', 'scikit-learn': '#d55e00', RDT: '#e69f00' };

/** Bits lost, rows clipped and seconds to fit, one line a column, as SVG. */
export async function plotResults(results: Record<string, ColumnResult>): Promise<string> {
  // two large libraries that no other benchmark needs
  const [{ compile }, { parse, View }] = await Promise.all([import('vega-lite'), import('vega')]);
  return new View(parse(compile(specification(results)).spec), { renderer: 'none' }).toSVG();
}

interface Point {
  panel: 'excess' | 'clipped' | 'seconds';
  column: string;
  contestant: string;
  value: number;
}

function* points(results: Record<string, ColumnResult>): Generator<Point> {
  for (const [name, { judgement, ours, peers }] of Object.entries(results)) {
    const column = TARGETS[name].what.replaceAll('`', '');
    const of = (panel: Point['panel'], contestant: string, value: number): Point => ({
      panel,
      column,
      contestant,
      value,
    });
    yield of('excess', 'prototype', prototypeExcess(TARGETS[name], judgement));
    for (const contestant of [OURS.rows, 'scikit-learn', 'RDT']) {
      const score = judgement.contestants[contestant];
      if (score) yield of('excess', contestant, score.bits - floorOf(judgement));
    }
    yield of('clipped', OURS.rows, judgement.contestants[OURS.rows].clipped);
    yield of('seconds', OURS.rows, ours[OURS.rows].binSeconds + ours[OURS.rows].fitSeconds);
    if (!peers) continue;
    yield of('clipped', 'scikit-learn', judgement.contestants['scikit-learn'].clipped);
    yield of('clipped', 'RDT', peers.contestants.RDT.clipped);
    yield of('seconds', 'scikit-learn', peers.contestants['scikit-learn'].fitSeconds);
    yield of('seconds', 'RDT', peers.contestants.RDT.fitSeconds);
  }
}

function specification(results: Record<string, ColumnResult>): TopLevelSpec {
  const all = [...points(results)];
  const panel = (name: Point['panel'], title: string, least: number) => ({
    data: {
      values: all
        .filter((point) => point.panel === name)
        .map((point) => ({ ...point, value: Math.max(least, point.value) })),
    },
    width: 230,
    height: { step: 24 },
    mark: { type: 'point' as const, filled: true, size: 70, opacity: 0.9 },
    encoding: {
      y: {
        field: 'column',
        type: 'nominal' as const,
        sort: null,
        title: null,
        axis: { grid: true, labelLimit: 240, labels: name === 'excess', ticks: false, domain: false },
      },
      x: {
        field: 'value',
        type: 'quantitative' as const,
        scale: { type: 'log' as const },
        title,
        axis: { tickCount: 6, format: '~g' },
      },
      color: {
        field: 'contestant',
        type: 'nominal' as const,
        title: null,
        scale: { domain: Object.keys(CONTESTANTS), range: Object.values(CONTESTANTS) },
        legend: { orient: 'top' as const },
      },
      shape: {
        field: 'contestant',
        type: 'nominal' as const,
        title: null,
        scale: { domain: Object.keys(CONTESTANTS), range: ['circle', 'stroke', 'square', 'triangle-up'] },
      },
    },
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 12,
    hconcat: [
      panel('excess', `bits a value over the truth (0.00001: or less)`, LEAST.excess),
      panel('clipped', 'share of rows clipped (0.0000001: none)', LEAST.clipped),
      panel('seconds', 'CPU seconds: modemap all rows, the others 100,000', 0),
    ],
    config: { font: 'system-ui, DejaVu Sans, sans-serif', view: { stroke: null }, axis: { gridColor: '#e6e6e6' } },
  };
}
