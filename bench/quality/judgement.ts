import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { OurFit } from './fit-ours.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PYTHON = `${ROOT}.tools/bench-venv/bin/python`;
const DATA = `${ROOT}bench/data/quality`;

/** What the judge says of one contestant; null where there is nothing to say it of. */
export interface Score {
  /** mean over all rows */
  bits: number;
  freshBits: number | null;
  /** standard error of what `freshBits` are over the truth */
  freshError: number | null;
  /** of the values given back, in the column's unit */
  rmse: number;
  largestError: number;
  /** share of the rows */
  clipped: number;
}

/** What the judge says of a column. */
export interface Judgement {
  rows: number;
  distinct: number;
  decimals: number | null;
  step: number;
  /** of the rows */
  sha256: string;
  /** of the values as they are, bits: a bound where they repeat */
  entropy: number;
  /** what the density that made the rows needs, bits a value */
  truth: { train: number | null; fresh: number | null };
  contestants: Record<string, Score>;
}

export interface Peers {
  versions: Record<string, string>;
  /** that they were fitted to */
  rows: number;
  contestants: {
    'scikit-learn': { fitSeconds: number; converged: boolean };
    RDT: Pick<Score, 'rmse' | 'largestError' | 'clipped'> &
      Record<'fitSeconds' | 'transformSeconds' | 'reverseSeconds' | 'transformedRows', number>;
  };
}

/** All that is known of a column at the end of the contest. */
export interface ColumnResult {
  judgement: Judgement;
  ours: Record<string, OurFit>;
  peers: Peers | null;
}

/** Where peers.py leaves what it found. */
export const PEERS_FILE = 'peers.json';

export const folderOf = (column: string) => `${DATA}/${column}`;

/** Make the rows that are not there yet. */
export function makeRows(columns: readonly string[]): void {
  python('columns.py', DATA, ...columns);
}

/** Fit the peers, or remember what they found on the same rows. */
export function fitPeers(column: string, isFresh: boolean): Peers {
  python('peers.py', ...(isFresh ? ['--fresh'] : []), DATA, column);
  return JSON.parse(readFileSync(`${folderOf(column)}/${PEERS_FILE}`, 'utf8'));
}

/** Score what the named files hold. */
export function judge(column: string, files: readonly string[]): Judgement {
  return JSON.parse(python('score.py', DATA, column, ...files));
}

function python(script: string, ...args: readonly string[]): string {
  if (!existsSync(PYTHON)) throw new Error('the peers must be installed: run bench/install-peers.sh');
  return execFileSync(PYTHON, [`${ROOT}bench/quality/${script}`, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
