import { setFlagsFromString } from 'node:v8';

/**
 * Have V8 wait longer before it optimizes a function, and inline less where it does; in the whole process.
 *
 * Node 20 has nothing between its baseline compiler and TurboFan, which compiles much of what a run calls some hundred
 * times, two or three times over, since the next column looks different: a third of the CPU that 100,000 rows of one
 * column take. With this the run takes a tenth less, and one of 2,000,000 rows and four columns a twentieth. Later
 * versions have Maglev in between, and other rules: they are left alone.
 */
export function tierUpLater(): void {
  if (!process.versions.v8.startsWith('11.')) return;
  setFlagsFromString('--interrupt-budget=600000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');
}
