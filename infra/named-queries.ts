import { readdirSync, readFileSync } from 'node:fs';
import { PRICES } from '../shared/contract/prices.ts';

const folder = new URL('queries/', import.meta.url);
const MEGABYTES_PER_GIGABYTE = 1024;

export interface NamedQuery {
  /** of its file */
  name: string;
  /** its leading comment */
  description: string;
  sql: string;
}

/**
 * The queries of infra/queries: over the tables of a deployment, in the SQL that Athena's engine and DuckDB share.
 *
 * @param memoryMb of the transform function: what a second of it costs
 */
export function namedQueries({ memoryMb }: { memoryMb: number }): NamedQuery[] {
  const dollarsPerSecond = (memoryMb / MEGABYTES_PER_GIGABYTE) * PRICES.lambdaGbSecond;
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'));
  return files.sort().map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const comments = text.split('\n').filter((line) => line.startsWith('-- '));
    return {
      name: file.replace(/\.sql$/, ''),
      description: comments.map((line) => line.slice('-- '.length)).join(' '),
      sql: text.replaceAll('{{dollarsPerSecond}}', dollarsPerSecond.toExponential()),
    };
  });
}
