/**
 * Writes vectors.json: what docs/format.md specifies, computed by this implementation. Doubles are written as their
 * bits in hexadecimal, so that another language can compare exactly.
 *
 * Run it with `npx esbuild test/golden/format/make-vectors.ts --bundle --platform=node --format=esm | node --input-type=module - > test/golden/format/vectors.json`.
 */
import { stdout } from 'node:process';
import { formatVectors } from './format-vectors.ts';

stdout.write(`${JSON.stringify(formatVectors(), null, 1)}\n`);
