import type { BigIntStats } from 'node:fs';

/** The version of a local file: size, time of the last modification in nanoseconds, and inode. */
export const etagOf = ({ size, mtimeNs, ino }: BigIntStats) => `${size}-${mtimeNs}-${ino}`;
