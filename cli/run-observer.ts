import type { RunRecord } from '../shared/contract/run-record.ts';

export type StageName = 'list' | 'plan' | 'fit' | 'transform' | 'reduce' | 'audit' | 'commit';

/** What a run tells the one who waits for it. */
export interface RunObserver {
  /** A stage begins; `total` steps, and rows where rows are the measure of progress. */
  stage(name: StageName, total?: number, rows?: RowProgress): void;
  /** A step of the stage is done. */
  advance(): void;
  warn(message: string): void;
  alreadyDone(record: RunRecord): void;
  /** The run is over, well or not. */
  end(): void;
}

export interface RowProgress {
  rows: number;
  rowsDone: () => number;
}

/** Says nothing but warnings. */
export class QuietObserver implements RunObserver {
  stage(_name: StageName, _total?: number, _rows?: RowProgress): void {}
  advance(): void {}
  warn(message: string): void {
    process.stderr.write(`warning: ${message}\n`);
  }
  alreadyDone(_record: RunRecord): void {}
  end(): void {}
}

/** No progress where nobody watches: what a log or a pipe gets on stderr is for somebody to act on. */
export class NoteObserver extends QuietObserver {
  override alreadyDone({ run_id, created_at }: RunRecord): void {
    process.stderr.write(
      `nothing to do: run ${run_id} of the same files and configuration was committed at ${created_at}\n`,
    );
  }
}
