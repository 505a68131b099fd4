import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Judgement } from '../../../bench/quality/judgement.ts';
import type { Component } from '../../../shared/contract/model.ts';
import { binRows } from '../../../shared/mixture/bin-rows.ts';
import { scoreBins } from '../../../shared/mixture/score.ts';
import { python, runPython } from '../../support/python.ts';

const scripts = fileURLToPath(new URL('../../../bench/quality/', import.meta.url));
const directory = mkdtempSync(`${tmpdir()}/modemap-judge-`);
afterAll(() => rmSync(directory, { recursive: true }));

type Entry = { rule: 'nearest' | 'argmax'; components: Component[] };

function judged(rows: number[], contestants: Record<string, Entry>): Judgement {
  const folder = `${directory}/ages`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/train.f64`, Float64Array.from(rows));
  writeFileSync(`${folder}/contestants.json`, JSON.stringify({ contestants }));
  return JSON.parse(runPython(`${scripts}score.py`, directory, 'ages', 'contestants.json'));
}

const gaussian = (weight: number, mean: number, standardDeviation: number): Component => ({
  ...{ kind: 'gaussian', weight, mean, standardDeviation, pruned: false },
  logScale: Math.log(weight / standardDeviation) - Math.log(2 * Math.PI) / 2,
});
const atom = (weight: number, mean: number): Component => ({
  ...{ kind: 'atom', weight, mean, standardDeviation: 0, logScale: null, pruned: false },
});

describe.skipIf(!python)('the judge of mixtures', () => {
  it.each([
    ['whole numbers', 1, (i: number) => (i * 37) % 101],
    ['hundredths', 0.01, (i: number) => ((i * 37) % 10_001) / 100],
    ['a far tail', 1, (i: number) => (i === 0 ? 1e6 : i % 7)],
  ])('counts the bits that the metrics count: %s', (_, step, value) => {
    const rows = Array.from({ length: 500 }, (_, i) => value(i));
    const components = [gaussian(0.6, 20, 12), gaussian(0.3, 70, 0.004), atom(0.1, 3)];
    const { step: judgedStep, contestants } = judged(rows, { it: { rule: 'nearest', components } });
    const { bitsPerValue } = scoreBins(binRows(Float64Array.from(rows), null, step), components, step);
    expect(judgedStep).toBe(step);
    expect(contestants.it.bits).toBeCloseTo(bitsPerValue!, 9);
  });

  it('takes a clipped value to the nearest component that holds it only where the contestant does so', () => {
    const components = [gaussian(1 - 1e-6, 0, 1), gaussian(1e-6, 12, 2)];
    const { contestants } = judged([0, 0, 0, 5], {
      nearest: { rule: 'nearest', components },
      largest: { rule: 'argmax', components },
    });
    expect(contestants.nearest).toMatchObject({ rmse: 0, largestError: 0, clipped: 0 });
    // 5 becomes 0.99 of four standard deviations, 3.96, which is 4 as a whole number
    expect(contestants.largest).toMatchObject({ rmse: 0.5, largestError: 1, clipped: 0.25 });
  });

  it('gives an atom its value back, and does not choose what was pruned', () => {
    const components = [gaussian(0.5, 0, 1), { ...gaussian(0.4, 50, 1), pruned: true }, atom(0.1, 99)];
    const { contestants } = judged([0, 99, 50, 50], { it: { rule: 'argmax', components } });
    expect(contestants.it).toMatchObject({ largestError: 46, clipped: 0.5 });
  });

  it('knows densities whose masses sum to one', () => {
    const code = `
import sys, json; sys.path.insert(0, ${JSON.stringify(scripts)})
import numpy as np
from columns import COLUMNS
grids = {"rare-1e-4": (0, 20000, .01), "rare-1e-6": (0, 20000, .01), "zeros": (0, 50000, .02), "sentinel": (0, 5000, .01),
         "far": (1e9 - 10, 1e9 + 10, 1e-4), "tiny": (-1e-8, 1e-8, 1e-13), "twelve-modes": (-700, 1000, .001), "uniform": (0, 100, .01)}
sums = {}
for name, (low, high, step) in grids.items():
    x = low + step * (np.arange(round((high - low) / step)) + .5)
    sums[name] = float(COLUMNS[name].mass_of(x, step).sum())
sums["zeros"] += float(COLUMNS["zeros"].mass_of(np.array([0.]), .02)[0])
sums["sentinel"] += float(COLUMNS["sentinel"].mass_of(np.array([99999.]), .01)[0])
sums["ages"] = float(COLUMNS["ages"].mass_of(np.arange(106.), 1).sum())
print(json.dumps(sums))`;
    for (const sum of Object.values<number>(JSON.parse(runPython('-c', code)))) expect(sum).toBeCloseTo(1, 4);
  });

  it('plants a rare mode in exactly its share of the rows', () => {
    const code = `
import sys; sys.path.insert(0, ${JSON.stringify(scripts)})
from columns import rows_of
train, fresh, sample = rows_of("rare-1e-6")
print((abs(train - 5000) < 100).sum(), (abs(fresh - 5000) < 100).sum(), len(train), len(fresh), len(sample))`;
    expect(runPython('-c', code).trim()).toBe('5 1 5000000 1000000 100000');
  });
});
