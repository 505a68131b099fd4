import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RunReference } from '../../shared/contract/keys.ts';
import {
  type ColumnMetricName,
  METRIC_NAMESPACE,
  METRIC_UNITS,
  type MetricName,
} from '../../shared/contract/observed.ts';

/** What CloudWatch allows is longer; what people read on a dashboard is not. */
const DIMENSION_CHARACTERS = 250;

/** Figures of a run, as CloudWatch reads them from the log: embedded metric format. */
export class RunMetrics {
  readonly #metrics = new Metrics({ namespace: METRIC_NAMESPACE });

  /**
   * Publish figures twice: of the whole service, for alarms, and of the dataset, for people. The run, and whatever else
   * is many, is a property of the log line only.
   */
  publish({ datasetId, runId }: RunReference, figures: Partial<Record<MetricName, number>>): void {
    this.#metrics.addDimensions({}).addDimensions({ dataset: datasetId }).addMetadata('runId', runId);
    for (const [name, value] of Object.entries(figures)) {
      const unit = METRIC_UNITS[name as MetricName];
      this.#metrics.addMetric(name, unit === 'None' ? MetricUnit.NoUnit : (unit ?? MetricUnit.Count), value);
    }
    this.#metrics.publishStoredMetrics();
  }

  /** Publish figures of one column of a dataset. */
  publishColumn({ datasetId, runId }: RunReference, column: string, figures: Record<ColumnMetricName, number>): void {
    this.#metrics.addDimensions({ dataset: datasetId, column: dimensionValue(column) }).addMetadata('runId', runId);
    for (const [name, value] of Object.entries(figures)) this.#metrics.addMetric(name, MetricUnit.NoUnit, value);
    this.#metrics.publishStoredMetrics();
  }
}

/**
 * A name as CloudWatch takes it: printable ASCII, not empty, not a colon first; the rest percent-encoded.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
 */
export function dimensionValue(name: string): string {
  // by way of bytes: half a surrogate pair is no character
  const encoded = Buffer.from(name)
    .toString()
    .replace(/[^ -~]+|%/gu, encodeURIComponent)
    .replace(/^:/, '%3A')
    .replace(/^ *$/, '(blank)');
  return encoded.slice(0, DIMENSION_CHARACTERS);
}
