import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RunReference } from '../../shared/contract/keys.ts';
import { METRIC_NAMESPACE, type MetricName } from '../../shared/contract/observed.ts';

/** Counts of a run, as CloudWatch reads them from the log: embedded metric format. */
export class RunMetrics {
  readonly #metrics = new Metrics({ namespace: METRIC_NAMESPACE });

  /**
   * Publish counts twice: of the whole service, for alarms, and of the dataset, for people. The run, and whatever else
   * is many, is a property of the log line only.
   */
  publish({ datasetId, runId }: RunReference, counts: Partial<Record<MetricName, number>>): void {
    this.#metrics.addDimensions({}).addDimensions({ dataset: datasetId }).addMetadata('runId', runId);
    for (const [name, count] of Object.entries(counts)) this.#metrics.addMetric(name, MetricUnit.Count, count);
    this.#metrics.publishStoredMetrics();
  }
}
