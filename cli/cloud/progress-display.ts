import { SingleBar } from 'cli-progress';
import type { ExecutionView } from './execution-view.ts';
import { stageOf } from './run-stage.ts';

/** Where the progress of a run that somebody else does is shown. */
export interface ProgressDisplay {
  show(view: ExecutionView): void;
  note(line: string): void;
  end(): void;
}

/** Says nothing. */
export const silentDisplay: ProgressDisplay = { show() {}, note() {}, end() {} };

/** No progress where nobody watches, but what was begun. */
export const noteDisplay: ProgressDisplay = {
  ...silentDisplay,
  note: (line) => process.stderr.write(`${line}\n`),
};

/** A bar on a terminal: partitions done of all. */
export class BarDisplay implements ProgressDisplay {
  readonly #bar = new SingleBar({
    clearOnComplete: true,
    hideCursor: true,
    stream: process.stderr,
    format: '{label} {bar} {steps} {elapsed} s',
    barsize: 24,
    // its handler would swallow the signal
    gracefulExit: false,
  });
  #isShown = false;

  show(view: ExecutionView): void {
    const { label, counts } = stageOf(view);
    const { done = 0, total = 1, failed = 0 } = counts ?? {};
    const steps = counts ? `${done}/${total}${failed > 0 ? `, ${failed} failed` : ''}` : '';
    const elapsed = Math.round((Date.now() - view.startedAt) / 1000);
    if (!this.#isShown) this.#bar.start(total, done, { label, steps, elapsed });
    this.#isShown = true;
    this.#bar.setTotal(Math.max(total, 1));
    this.#bar.update(done, { label: label.padEnd(32), steps, elapsed });
  }

  note(line: string): void {
    if (!this.#isShown) process.stderr.write(`${line}\n`);
  }

  end(): void {
    if (this.#isShown) this.#bar.stop();
    this.#isShown = false;
  }
}

/** The display for a command, by what its flags say. */
export function displayFor({ quiet }: { quiet?: boolean }): ProgressDisplay {
  if (quiet) return silentDisplay;
  return process.stderr.isTTY ? new BarDisplay() : noteDisplay;
}
