import { MultiBar, type SingleBar } from 'cli-progress';
import prettyBytes from 'pretty-bytes';
import type { RunRecord } from '../shared/contract/run-record.ts';
import type { RowProgress, RunObserver, StageName } from './run-observer.ts';

const LABELS: Record<StageName, string> = {
  list: 'listing files',
  plan: 'reading footers',
  fit: 'fitting mixtures to the sample',
  transform: 'transforming',
  reduce: 'merging summaries',
  audit: 'looking back at all rows',
  commit: 'committing',
};

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
