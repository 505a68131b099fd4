import type { SerializedError } from '../shared/contract/errors.ts';
import type { RunReference } from '../shared/contract/keys.ts';
import type {
  CollectInput,
  CollectOutput,
  CommitInput,
  FitInput,
  PlanOutput,
  ReduceInput,
  TransformInput,
  TransformOutput,
} from '../shared/contract/stages.ts';

/** What the local engine asks of a worker: one stage, one input; the same inputs that Lambda gets. */
export type StageTask =
  | { stage: 'plan'; input: RunReference; fitWorkers: number }
  | { stage: 'fit'; input: FitInput }
  | { stage: 'collect'; input: CollectInput }
  | { stage: 'transform'; input: TransformInput }
  | { stage: 'reduce'; input: ReduceInput }
  | { stage: 'commit'; input: CommitInput };

export type StageOutput = PlanOutput | CollectOutput | TransformOutput | undefined;

/** Errors lose their class between threads, so they travel as values. */
export type StageResult = { output: StageOutput } | { error: SerializedError };

/** Where a worker's stores are, and the memory shared with the parent. */
export interface WorkerSetup {
  inputRoot: string;
  /** the one file of a dataset that is a single file */
  inputFile: string | undefined;
  outputRoot: string;
  /** [0]: rows transformed so far, over all workers */
  counters: SharedArrayBuffer;
}
