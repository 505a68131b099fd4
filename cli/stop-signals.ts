import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * End the process at once, with a word on how to go on, when it is asked to stop: what is written is whole, and a
 * later run starts from it.
 *
 * @param beforeExit puts the terminal right; what takes time is waited for
 * @param word what becomes of the run
 * @returns takes the handlers away again
 */
export function endOnStopSignals(
  beforeExit: () => void | Promise<void>,
  word = 'stopped before the end; the same command goes on from here',
): () => void {
  const stop = (signal: (typeof SIGNALS)[number]) => {
    const end = () => {
      process.stderr.write(`modemap: ${word}\n`);
      process.exit(128 + constants.signals[signal]);
    };
    const waited = beforeExit();
    if (waited) waited.finally(end);
    else end();
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}
