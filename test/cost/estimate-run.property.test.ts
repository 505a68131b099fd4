import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Configuration, DEFAULTS } from '../../shared/contract/configuration.ts';
import { DEFAULT_DEPLOYMENT, type Deployment } from '../../shared/contract/deployment.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { PRICES } from '../../shared/contract/prices.ts';
import type { PlanHeader } from '../../shared/contract/stages.ts';
import { estimateRun } from '../../shared/cost/estimate-run.ts';

/** A plan of `partitions` partitions of `partRows` rows: columns of eight bytes a value that are fitted, some that pass. */
function planOf({ partitions, partRows, columns, passed }: Table): PlanHeader {
  const rows = partitions * partRows;
  const names = Array.from({ length: columns + passed }, (_, i) => `c${i}`);
  const column = { bytes: 8 * rows, wholeReads: 0, pieceReads: 0 };
  const fitted = names.slice(0, columns);
  const columnGroups = columns > 0 ? [fitted] : [];
  const decodedBytes = rows * 8 * names.length;
  return {
    ...{ format: 'modemap-plan', version: 1, objects: partitions, rowGroups: partitions, rows, bytesIn: decodedBytes },
    ...{ partitions, reduceGroups: Math.ceil(partitions / LIMITS.reduceGroupPartitions), toleratedFailures: 0 },
    ...{ workerBytes: 1, columnGroups, folderColumns: [], estimatedDollars: null, warnings: [] },
    decided: names.slice(columns).map((name) => ({ name, action: 'pass', reason: 'as configured' })),
    columns: names.map((name) => ({ name, type: 'DOUBLE' })),
    workload: {
      ...{ decodedBytes, largestPartitionBytes: decodedBytes / partitions },
      ...{
        footerReads: partitions,
        partitionFooterReads: partitions,
        smallReads: partitions,
        mergedReads: 0,
        candidateReads: 0,
      },
      ...{ sampleReads: columnGroups.map(() => 64), sampleBytes: 64 * 8 * columns, columns: names.map(() => column) },
    },
  };
}

interface Table {
  partitions: number;
  partRows: number;
  columns: number;
  passed: number;
}

const tables: fc.Arbitrary<Table> = fc.record({
  partitions: fc.integer({ min: 1, max: 5000 }),
  partRows: fc.integer({ min: 1, max: 3_000_000 }),
  columns: fc.integer({ min: 0, max: 40 }),
  passed: fc.integer({ min: 1, max: 10 }),
});
const fits = fc.constantFrom('sample', 'audit', 'full');

const estimatesOf = (table: Table, fit: Configuration['fit'], deployment: Partial<Deployment> = {}) =>
  estimateRun(planOf(table), { ...DEFAULTS, fit }, { deployment: { ...DEFAULT_DEPLOYMENT, ...deployment } });

describe('the estimate of a run', () => {
  it('grows with rows: dollars and minutes', () => {
    fc.assert(
      fc.property(tables, fits, fc.nat(1_000_000), (table, fit, more) => {
        const base = estimatesOf(table, fit).expected;
        const larger = estimatesOf({ ...table, partRows: table.partRows + more }, fit).expected;
        expect(larger.dollars).toBeGreaterThanOrEqual(base.dollars);
        expect(larger.minutes).toBeGreaterThanOrEqual(base.minutes);
      }),
    );
  });

  it('grows with partitions, of the same size each: dollars', () => {
    fc.assert(
      fc.property(tables, fits, fc.integer({ min: 1, max: 5000 }), (table, fit, more) => {
        const base = estimatesOf(table, fit).expected;
        const larger = estimatesOf({ ...table, partitions: table.partitions + more }, fit).expected;
        expect(larger.dollars).toBeGreaterThan(base.dollars);
        expect(larger.invocations).toBeGreaterThan(base.invocations);
      }),
    );
  });

  it('grows with partitions that hold the same rows, where each part is one upload', () => {
    fc.assert(
      fc.property(tables, fits, fc.integer({ min: 2, max: 10 }), (table, fit, pieces) => {
        const partRows = pieces * Math.min(1000, table.partRows);
        const base = estimatesOf({ ...table, partRows }, fit).expected;
        const cut = estimatesOf(
          { ...table, partRows: partRows / pieces, partitions: table.partitions * pieces },
          fit,
        ).expected;
        expect(cut.dollars).toBeGreaterThan(base.dollars);
      }),
    );
  });

  it('costs the same at any concurrency, and takes no longer at a higher one', () => {
    fc.assert(
      fc.property(tables, fits, fc.integer({ min: 1, max: 2000 }), fc.nat(2000), (table, fit, concurrency, more) => {
        const few = estimatesOf(table, fit, { concurrency }).expected;
        const many = estimatesOf(table, fit, { concurrency: concurrency + more }).expected;
        expect(many.dollars).toBe(few.dollars);
        expect(many.minutes).toBeLessThanOrEqual(few.minutes);
      }),
    );
  });

  it('is dearer with a second pass, which only a look back can ask for', () => {
    fc.assert(
      fc.property(tables, fits, (table, fit) => {
        const { expected, withSecondPass } = estimatesOf(table, fit);
        expect(withSecondPass !== null).toBe(fit === 'audit');
        if (!withSecondPass) return;
        expect(withSecondPass.dollars).toBeGreaterThan(expected.dollars);
        expect(withSecondPass.minutes).toBeGreaterThan(expected.minutes);
        expect(withSecondPass.stages.filter(({ stage }) => stage === 'transform')).toHaveLength(2);
      }),
    );
  });

  it('is what the prices make of what is used, and no more', () => {
    fc.assert(
      fc.property(tables, fits, (table, fit) => {
        const free = { lambdaGbSecond: 0, lambdaInvocation: 0, transition: 0, s3Get: 0, s3Put: 0 };
        const dollarsAt = (prices: Partial<typeof free>) =>
          estimatesOf(table, fit, { prices: { ...PRICES, ...free, ...prices } }).expected;
        expect(dollarsAt({}).dollars).toBe(0);
        const used = dollarsAt({});
        expect(dollarsAt({ lambdaGbSecond: 1 }).dollars).toBe(used.gbSeconds);
        expect(dollarsAt({ lambdaInvocation: 1 }).dollars).toBe(used.invocations);
        expect(dollarsAt({ transition: 1 }).dollars).toBe(used.transitions);
        expect(dollarsAt({ s3Get: 1 }).dollars).toBe(used.gets);
        expect(dollarsAt({ s3Put: 1 }).dollars).toBe(used.puts);
      }),
    );
  });

  it('of less memory than one vCPU takes longer, of more costs more', () => {
    const table = { partitions: 100, partRows: 1_000_000, columns: 4, passed: 2 };
    const [half, one, two] = [885, 1769, 3538].map(
      (memoryMegabytes) => estimatesOf(table, 'audit', { memoryMegabytes }).expected,
    );
    expect(half.minutes).toBeGreaterThan(one.minutes);
    expect(two.minutes).toBe(one.minutes);
    expect(two.gbSeconds).toBe(2 * one.gbSeconds);
  });

  it('of 8,192 partitions of 16 million values comes to a few dollars and minutes, by hand', () => {
    // a terabyte of doubles: 16,000,000 values a partition, all normalized
    const { expected } = estimatesOf({ partitions: 8192, partRows: 4_000_000, columns: 4, passed: 1 }, 'sample');
    const transform = expected.stages.find(({ stage }) => stage === 'transform')!;
    // compute 16e6 x 60 ns, copy and hash of 4e6 x (4 x 5 + 8) bytes, four summaries, network of (4 + 1) x 8 + 28 bytes a row
    const work = 16e6 * 60e-9 + 4e6 * 28 * 2.2e-9 + 4 * 0.009 + (4e6 * (40 + 28)) / 70e6;
    // start, and 2 + 1 + 1 GETs, and a part of 14 uploads, its first and last request, and three small objects
    const waiting = 0.7 + (4 + (14 + 2 + 3)) * 0.03;
    expect(transform.seconds / 8192).toBeCloseTo(work + waiting, 6);
  });
});
