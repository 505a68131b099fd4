import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { MetricsRow } from '../../shared/contract/metrics.ts';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { scoreBins } from '../../shared/mixture/score.ts';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import type { Kernel, Pairs } from '../../shared/normalize/pairs.ts';
import { type DrawKeys, drawKeys } from '../../shared/numeric/draw.ts';
import type { TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import type { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { decodeValues } from '../decode-values.ts';
import type { ValueBuffers } from '../value-buffers.ts';
import type { Kernels } from './kernels.ts';
import type { RowGroupPlace } from './row-group-places.ts';
import { summaryBuilderOf } from './summary-builder-of.ts';

/** A row group's pairs, with the nulls of either half. */
export interface AppliedPairs extends Pairs {
  /** 1 where the value is not null */
  componentValid: Uint8Array;
}

/** One normalized column of one partition: applies the model, measures the errors, summarises the values. */
export class ColumnWork {
  readonly #model: ColumnModel;
  readonly #seed: number;
  readonly #kernel: Kernel;
  readonly #metrics: ErrorMetrics;
  readonly #summary: SummaryBuilder;
  readonly #buffers: ValueBuffers;
  /** of the object that the rows come from */
  #keys: DrawKeys = { k0: 0, k1: 0 };
  #object: string | undefined;

  constructor(model: ColumnModel, options: ColumnOptions, seed: number, kernels: Kernels, buffers: ValueBuffers) {
    this.#model = model;
    this.#seed = seed;
    this.#buffers = buffers;
    this.#kernel = kernels.of(model, options);
    this.#metrics = new ErrorMetrics(model, options.clip);
    this.#summary = summaryBuilderOf(model);
  }

  /** Decode a row group's chunk and apply the model to it; the result holds until the buffers are used again. */
  apply({ footer, rowGroup, key, object }: RowGroupPlace, column: TopLevelColumn, bytes: Uint8Array): AppliedPairs {
    if (object !== this.#object) this.#keys = drawKeys(this.#seed, this.#model.name, object);
    this.#object = object;
    const { values, valid, inexact } = decodeValues(footer, column, rowGroup, bytes, key, this.#buffers);
    const pairs = this.#kernel({ values, valid, rowStart: rowGroup.rowStart, keys: this.#keys }, this.#metrics);
    this.#metrics.addInexact(inexact);
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
