import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { MetricsRow } from '../../shared/contract/metrics.ts';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { scoreBins } from '../../shared/mixture/score.ts';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import type { KernelInput, Pairs } from '../../shared/normalize/pairs.ts';
import { type DrawKeys, drawKeys } from '../../shared/numeric/draw.ts';
import { toDoubles } from '../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../shared/parquet/decode-column.ts';
import type { LeafColumn, ParquetFooter, RowGroup, TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';

/** A row group's pairs, with the nulls of either half. */
export interface AppliedPairs extends Pairs {
  /** 1 where the value is not null */
  componentValid: Uint8Array;
}

/** One normalized column of one partition: applies the model, measures the errors, summarises the values. */
export class ColumnWork {
  readonly #model: ColumnModel;
  readonly #seed: number;
  readonly #kernel: (input: KernelInput) => Pairs;
  readonly #metrics: ErrorMetrics;
  readonly #summary: SummaryBuilder;
  #keys: DrawKeys = { k0: 0, k1: 0 };

  constructor(model: ColumnModel, options: ColumnOptions, seed: number) {
    this.#model = model;
    this.#seed = seed;
    this.#kernel = makeKernel(model, options);
    this.#metrics = new ErrorMetrics(model, options.clip);
    this.#summary = new SummaryBuilder({ centre: model.centre, decimals: decimalsRule(model) });
  }

  /** Rows of another object follow. */
  startObject(key: string): void {
    this.#keys = drawKeys(this.#seed, this.#model.name, key);
  }

  /** Decode a row group's chunk and apply the model to it. */
  apply(
    footer: ParquetFooter,
    column: TopLevelColumn,
    rowGroup: RowGroup,
    bytes: Uint8Array,
    key: string,
  ): AppliedPairs {
    const leaf: LeafColumn = footer.leaves[column.leafStart];
    const decoded = decodeColumn(column, leaf, rowGroup.chunks[column.leafStart], bytes, rowGroup.rows, key);
    let columnValues: ReturnType<typeof toDoubles>;
    try {
      columnValues = toDoubles(decoded, column.numeric!);
    } finally {
      decoded.free();
    }
    const { values, valid, inexact } = columnValues;
    const pairs = this.#kernel({ values, valid, rowStart: rowGroup.rowStart, keys: this.#keys });
    this.#metrics.add(values, valid, pairs, inexact);
    this.#summary.add(values, valid, inexact);
    return { ...pairs, componentValid: valid };
  }

  /** What the partition leaves behind of this column. */
  finish(pass: number, partition: number): { metrics: MetricsRow; summary: ColumnSummary } {
    const { name, components, resolution } = this.#model;
    const summary = this.#summary.finish();
    const score = scoreBins(summaryBins(summary), components, resolution);
    return { metrics: { pass, partition, column: name, ...this.#metrics.figures(), ...score }, summary };
  }
}

/** Only the values of floating point columns say how many digits they have. */
function decimalsRule({ physicalType, decimals }: ColumnModel): { fixed: number } | { floatBits: 32 | 64 } {
  if (physicalType === 'FLOAT') return { floatBits: 32 };
  return physicalType === 'DOUBLE' ? { floatBits: 64 } : { fixed: decimals ?? 0 };
}
