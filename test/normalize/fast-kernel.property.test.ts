import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnModel, Component } from '../../shared/contract/model.ts';
import { AtomTable } from '../../shared/normalize/atom-table.ts';
import { makeChoiceTable } from '../../shared/normalize/choice-table.ts';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeFastKernel } from '../../shared/normalize/fast-kernel.ts';
import { GaussianTable } from '../../shared/normalize/gaussian-table.ts';
import type { KernelOptions } from '../../shared/normalize/pairs.ts';
import { makePlainKernel } from '../../shared/normalize/plain-kernel.ts';
import { finiteValues, mixtures, normalFrom } from '../support/column-models.ts';
import { atom, gaussian, modelOf } from '../support/models.ts';
import { seededRandom } from '../support/random.ts';

const settings = fc.record({
  choose: fc.constantFrom('sample' as const, 'argmax' as const),
  clip: fc.constantFrom(0.99 as const, false as const, 0.5 as const, 0.01 as const, 1000 as const),
  preset: fc.constant('modemap' as const),
});
const precisions = fc.constantFrom('float32' as const, 'float64' as const);

/** Neighbouring components in a row or a heap, of like or unlike widths, up to as many as a model may hold. */
const manyComponents: fc.Arbitrary<Component[]> = fc
  .record({
    count: fc.integer({ min: 1, max: 100 }),
    gap: fc.constantFrom(0, 0.5, 2, 6, 20, 1e6),
    growth: fc.constantFrom(1, 1.05, 1.3, 0.7),
    origin: fc.constantFrom(0, -3, 1e15, 1.7e18),
    seed: fc.nat(),
  })
  .map(({ count, gap, growth, origin, seed }) => {
    const { uniform } = seededRandom(seed);
    const unit = origin === 0 ? 1 : Math.abs(origin) * 2 ** -30;
    return Array.from({ length: count }, (_, k) =>
      gaussian((0.1 + uniform()) / (1.1 * count), origin + unit * gap * (k + uniform()), unit * growth ** k),
    );
  });
/** Widths and places at the edge of the doubles. */
const extremeComponents = fc
  .array(
    fc.tuple(
      fc.constantFrom(0, 5e-324, 1e-300, -1e300, 1.7e308, 1, -1e15),
      fc.constantFrom(5e-324, 1e-310, 1e-300, 1e-3, 1, 1e15, 1e300, 1.7e308),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((pairs) => pairs.map(([mean, deviation]) => gaussian(1 / pairs.length, mean, deviation)));
const anyMixture = fc.oneof(mixtures, manyComponents, extremeComponents);

/** Values where a table could go wrong: edges of its cells, ties, places where a component begins to clip, atoms. */
function criticalValues(model: ColumnModel, options: KernelOptions): number[] {
  const { components } = model;
  const values = [
    0,
    -0,
    5e-324,
    -5e-324,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2 ** -1022,
    Number.NaN,
    Infinity,
    -Infinity,
  ];
  for (const { mean, standardDeviation: sd } of components) {
    for (const t of [0, 3.96, 4, 6, 8, 8.08, 20]) values.push(...around(mean + t * sd), ...around(mean - t * sd));
    const reach = 4 * (options.clip || 1.5) * sd;
    values.push(...around(mean + reach), ...around(mean - reach));
  }
  for (const [i, a] of components.entries()) {
    const b = components[(i + 1) % components.length];
    values.push(...around(a.mean / 2 + b.mean / 2));
  }
  const table = makeChoiceTable(new GaussianTable(components), new AtomTable(components).values, options);
  if (!table) return values;
  const { low, scale, starts } = table.grid;
  const step = Math.max(1, Math.floor(starts.length / 60));
  for (let cell = 0; cell < starts.length; cell += step) values.push(...around(low + starts[cell] / scale));
  return values;
}

function around(x: number): number[] {
  return [x, up(x), -up(-x)];
}

/** The next double. */
function up(x: number): number {
  if (x === 0) return 5e-324;
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] += x > 0 ? 1n : -1n;
  return new Float64Array(bits.buffer)[0];
}

function expectEqual(model: ColumnModel, options: KernelOptions, rows: readonly (number | null)[], rowStart = 0): void {
  const fast = makeFastKernel(model, options);
  if (!fast) return;
  const values = Float64Array.from(rows, (x) => x ?? 7e77);
  const valid = Uint8Array.from(rows, (x) => (x === null ? 0 : 1));
  const input = { values, valid, rowStart, keys: { k0: 123456789, k1: -987654321 } };
  const [measured, expected] = [new ErrorMetrics(model, options.clip), new ErrorMetrics(model, options.clip)];
  expect(fast(input, measured)).toEqual(makePlainKernel(model, options)(input, expected));
  expect(measured.figures()).toEqual(expected.figures());
}

/** Values of every component, drawn from it. */
function valuesOf(components: readonly Component[], rows: number, seed: number): number[] {
  const { uniform } = seededRandom(seed);
  return Array.from({ length: rows }, () => {
    const { mean, standardDeviation } = components[Math.floor(uniform() * components.length)];
    return mean + standardDeviation * normalFrom(uniform(), uniform());
  });
}

describe('makeFastKernel', () => {
  it('equals the plain kernel on values drawn from any mixture, nulls and values that are not finite among them', () => {
    fc.assert(
      fc.property(anyMixture, settings, precisions, fc.nat(), (components, options, precision, seed) => {
        const rows: (number | null)[] = valuesOf(components, 2000, seed);
        for (let i = 0; i < rows.length; i += 50) rows[i] = [null, Number.NaN, Infinity, -Infinity, -0][(i / 50) % 5];
        expectEqual(modelOf(components, { precision }), options, rows, seed);
      }),
      { numRuns: 60 },
    );
  });

  it('equals the plain kernel an ulp around the edges of cells and of clipping, at ties and at extremes', () => {
    fc.assert(
      fc.property(anyMixture, settings, (components, options) => {
        const model = modelOf(components);
        expectEqual(model, options, criticalValues(model, options));
      }),
      { numRuns: 100 },
    );
  });

  it('equals the plain kernel where a Gaussian is far narrower than what tables tell apart', () => {
    for (const narrow of [1e-300, 1e-20, 1e-14, 1e-12])
      for (const choose of ['sample', 'argmax'] as const)
        for (const mean of [0, 0.3]) {
          const components = [gaussian(0.4, 0, 1), gaussian(0.3, mean, narrow), gaussian(0.3, mean, narrow)];
          const options = { choose, clip: 0.99, preset: 'modemap' } as const;
          expectEqual(modelOf(components), options, criticalValues(modelOf(components), options));
        }
  });

  it('equals the plain kernel on arbitrary values', () => {
    fc.assert(
      fc.property(anyMixture, settings, fc.array(finiteValues, { maxLength: 200 }), (components, options, rows) => {
        expectEqual(modelOf(components), options, rows);
      }),
      { numRuns: 60 },
    );
  });

  it('equals the plain kernel on integers, of which many sit on atoms and ties', () => {
    const integers = fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(mixtures, settings, integers, (components, options, rows) => {
        const even = components.map((component) =>
          component.kind === 'atom' ? component : gaussian(component.weight, Math.round(component.mean / 10), 4),
        );
        expectEqual(modelOf([...even, atom(0.1, 7)]), options, rows);
      }),
    );
  });

  it('equals the plain kernel across rows whose number passes a multiple of 2^32, and where u is 0', () => {
    const model = modelOf([gaussian(1e-13, -1, 1), gaussian(0.4, 0, 1), gaussian(0.6, 1, 1)]);
    const options = { choose: 'sample', clip: 0.99, preset: 'modemap' } as const;
    const rows = valuesOf(model.components, 3000, 1);
    for (const rowStart of [2 ** 32 - 1500, 2 ** 40 - 1, 2 ** 53 - 4000]) expectEqual(model, options, rows, rowStart);
    // with these keys the hash of row 0 is 0
    const input = { values: Float64Array.of(0.3), valid: Uint8Array.of(1), rowStart: 0, keys: { k0: 0, k1: 0 } };
    const pairs = makeFastKernel(model, options)!(input);
    expect(pairs).toEqual(makePlainKernel(model, options)(input));
    expect(pairs.components[0]).toBe(0);
  });

  it('decides nearly all values of a usual mixture by its tables', () => {
    const components = [gaussian(0.4, 0, 1), gaussian(0.3, 3, 2), gaussian(0.2, -5, 0.3), gaussian(0.1, 40, 9)];
    const table = makeChoiceTable(new GaussianTable(components), new Float64Array(), {
      choose: 'sample',
      clip: 0.99,
      preset: 'modemap',
    })!;
    const undecided = table.entries.filter((entry) => entry === 255).length;
    const ambiguous = table.entries.filter((entry) => entry >= 128).length;
    expect(undecided / table.entries.length).toBeLessThan(0.02);
    expect(ambiguous / table.entries.length).toBeLessThan(0.3);
  });
});
