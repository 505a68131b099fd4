import { afterAll } from 'vitest';

const ends: (() => unknown)[] = [];

// added as the test file is read: a hook that is added while another one runs is never called
afterAll(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** Do something when the test file has ended, whether it passed or not. */
export function atEnd(end: () => unknown): void {
  ends.push(end);
}
