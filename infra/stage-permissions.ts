import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Stage } from '../shared/contract/environment.ts';
import { outputKeys, workKeys } from '../shared/contract/keys.ts';
import { CONFIGURATION_FILE, MARKER_FILE } from '../shared/contract/names.ts';
import { abandons, lists, type Permission, reads, removes, writes } from './permission.ts';

export interface Buckets {
  input: IBucket;
  work: IBucket;
  output: IBucket;
}

const anyRun = { datasetId: '*', runId: '*' };
/** `*` wherever a key holds a number: pass, partition, group. */
const anyNumber = (key: string) => key.replace(/\d+/g, '*');

const work = {
  listing: anyNumber(workKeys.listing(anyRun, new Date(0).toISOString())),
  inputs: workKeys.inputs(anyRun),
  planHeader: workKeys.planHeader(anyRun),
  plan: workKeys.plan(anyRun),
  groups: workKeys.groups(anyRun),
  sample: workKeys.sample(anyRun),
  model: anyNumber(workKeys.model(anyRun, 0)),
  audit: anyNumber(workKeys.audit(anyRun, 0)),
  failure: workKeys.failure(anyRun),
  fit: anyNumber(workKeys.fit(anyRun, 0, 0)),
  metrics: anyNumber(workKeys.metrics(anyRun, 0, 0)),
  summary: anyNumber(workKeys.summary(anyRun, 0, 0)),
  receipt: anyNumber(workKeys.receipt(anyRun, 0, 0)),
  failedPartition: anyNumber(workKeys.failedPartition(anyRun, 0, 0)),
  reduced: anyNumber(workKeys.reduced(anyRun, 0, 0)),
  reducedSummary: anyNumber(workKeys.reducedSummary(anyRun, 0, 0)),
};

const output = {
  part: anyNumber(outputKeys.part(anyRun, 0, 0)),
  metricsGroup: anyNumber(outputKeys.metricsGroup(anyRun, 0)),
  tasksGroup: anyNumber(outputKeys.tasksGroup(anyRun, 0)),
  components: outputKeys.componentsFile(anyRun),
  model: outputKeys.model(anyRun),
  record: outputKeys.record(anyRun),
  current: anyNumber(outputKeys.current(anyRun.datasetId, 1)),
};

/** What commit leaves for readers. */
const published = [
  ...[output.metricsGroup, output.tasksGroup, output.components],
  ...[output.model, output.record, output.current],
];

/**
 * What each stage may do with objects, key by key. Where it reads what it writes itself, a retry compares; HEAD asks
 * for the right to read.
 */
export function stagePermissions(buckets: Buckets): Record<Stage, Permission[]> {
  const readsInput = [reads(buckets.input, '*'), lists(buckets.input)];
  const keeps = (...patterns: string[]) => [writes(buckets.work, ...patterns), lists(buckets.work)];
  return {
    start: [
      lists(buckets.input),
      reads(buckets.input, `*${CONFIGURATION_FILE}`),
      reads(buckets.work, work.inputs),
      ...keeps(work.inputs, work.listing),
      reads(buckets.output, output.record, output.current),
      lists(buckets.output),
    ],
    plan: [
      ...readsInput,
      reads(buckets.work, work.inputs, work.planHeader, work.plan),
      ...keeps(work.planHeader, work.plan, work.groups, work.sample),
    ],
    fit: [
      ...readsInput,
      reads(buckets.work, work.inputs, work.planHeader, work.sample, work.model, work.reducedSummary, work.fit),
      ...keeps(work.fit),
    ],
    collect: [
      reads(buckets.work, work.inputs, work.planHeader, work.fit, work.model, work.audit),
      ...keeps(work.model, work.audit),
    ],
    transform: [
      ...readsInput,
      reads(buckets.work, work.model, work.metrics, work.summary, work.receipt),
      ...keeps(work.metrics, work.summary, work.receipt, work.failedPartition),
      abandons(buckets.work, work.summary),
      reads(buckets.output, output.part),
      writes(buckets.output, output.part),
      abandons(buckets.output, output.part),
      lists(buckets.output),
    ],
    reduce: [
      reads(
        buckets.work,
        ...[work.receipt, work.failedPartition, work.metrics, work.summary, work.reduced, work.reducedSummary],
        ...[work.planHeader, work.plan],
      ),
      ...keeps(work.reduced, work.reducedSummary),
      abandons(buckets.work, work.reducedSummary),
    ],
    commit: [
      reads(buckets.work, work.listing, work.inputs, work.planHeader, work.plan, work.model, work.audit, work.reduced),
      lists(buckets.work),
      reads(buckets.output, output.part, ...published),
      writes(buckets.output, ...published),
      removes(buckets.output, output.part),
      lists(buckets.output),
    ],
    failed: [
      reads(buckets.input, `*${MARKER_FILE}`),
      lists(buckets.input),
      reads(buckets.work, work.inputs, work.plan, work.model, work.failedPartition, work.failure),
      ...keeps(work.failure),
      removes(buckets.work, work.failure),
    ],
  };
}
