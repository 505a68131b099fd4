import { MultiBar, type SingleBar } from 'cli-progress';
import prettyBytes from 'pretty-bytes';
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

const LABELS: Record<StageName, string> = {
  list: 'listing files',
  plan: 'reading footers',
  fit: 'fitting mixtures to the sample',
  transform: 'transforming',
  reduce: 'merging summaries',
  audit: 'looking back at all rows',
  commit: 'committing',
};

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

const REFRESH_MS = 200;

/** A bar on a terminal: partitions done of all, rows a second, time left, memory. */
export class BarObserver implements RunObserver {
  readonly #bars = new MultiBar({
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
    format: '{label} {bar} {steps} {details}',
    barsize: 24,
    // its handler would swallow the signal
    gracefulExit: false,
  });
  #bar: SingleBar | undefined;
  #timer: NodeJS.Timeout | undefined;
  #done = 0;
  #total = 0;
  #rows: RowProgress | undefined;
  #rowsBefore = 0;
  #startedAt = 0;

  stage(name: StageName, total = 1, rows?: RowProgress): void {
    this.#stop();
    this.#done = 0;
    this.#total = total;
    this.#rows = rows;
    this.#rowsBefore = rows?.rowsDone() ?? 0;
    this.#startedAt = performance.now();
    const label = LABELS[name].padEnd(32);
    this.#bar = this.#bars.create(rows?.rows ?? total, 0, { label, steps: '', details: '' });
    this.#timer = setInterval(() => this.#draw(), REFRESH_MS);
    this.#draw();
  }

  advance(): void {
    this.#done++;
    this.#draw();
  }

  warn(message: string): void {
    this.#bars.log(`warning: ${message}\n`);
  }

  alreadyDone({ run_id, created_at }: RunRecord): void {
    this.#stop();
    process.stderr.write(
      `nothing to do: run ${run_id} of the same files and configuration was committed at ${created_at}\n`,
    );
  }

  end(): void {
    this.#stop();
    this.#bars.stop();
  }

  #draw(): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const memory = prettyBytes(process.memoryUsage.rss());
    if (!this.#rows) {
      this.#bar?.update(this.#done, { steps: this.#total > 1 ? `${this.#done}/${this.#total}` : '', details: memory });
      return;
    }
    const rows = this.#rows.rowsDone() - this.#rowsBefore;
    const rate = rows / Math.max(seconds, 1e-3);
    const left = rate > 0 ? `${Math.ceil((this.#rows.rows - rows) / rate)} s left` : '';
    const details = `${Math.round(rate).toLocaleString('en')} rows/s  ${left}  ${memory}`;
    this.#bar?.update(Math.min(rows, this.#rows.rows), { steps: `${this.#done}/${this.#total} partitions`, details });
  }

  #stop(): void {
    clearInterval(this.#timer);
    if (this.#bar) this.#bars.remove(this.#bar);
    this.#bar = undefined;
  }
}
