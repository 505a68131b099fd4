import { NoteObserver, type RunObserver } from './run-observer.ts';

/** For the one who waits: a bar on a terminal, which is loaded only there. */
export async function observerFor({ isTTY }: { isTTY: boolean }): Promise<RunObserver> {
  if (!isTTY) return new NoteObserver();
  const { BarObserver } = await import('./bar-observer.ts');
  return new BarObserver();
}
