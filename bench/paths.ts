import { fileURLToPath } from 'node:url';

/** Where tables and outputs of benchmarks are; not kept in git. */
export const DATA = fileURLToPath(new URL('../../bench/data/', import.meta.url));
/** The command, as it is built beside the benchmarks. */
export const COMMAND = fileURLToPath(new URL('../cli/modemap.js', import.meta.url));
