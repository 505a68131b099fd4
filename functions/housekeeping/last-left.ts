import { currentRunSchema } from '../../shared/contract/current-run.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { readJson } from '../stage-io.ts';
import type { House } from './ports.ts';

/**
 * When readers of a dataset were last turned from a run to another one: the times at which the store took the moves of
 * the pointer.
 *
 * @returns ms since 1970 by run id; a run that never was the current one, or still is, may be missing
 */
export async function lastLeft(
  { output, erasers }: Pick<House, 'output' | 'erasers'>,
  datasetId: string,
): Promise<Map<string, number>> {
  const prefix = outputKeys.currentOf(datasetId);
  const times = new Map<string, number>();
  for await (const { key, modified } of erasers.output.versions(prefix)) {
    times.set(key, Math.max(modified, times.get(key) ?? 0));
  }
  const left = new Map<string, number>();
  let before: string | undefined;
  for await (const { key } of output.list(prefix)) {
    const { run_id } = await readJson(output, key, currentRunSchema);
    if (before !== undefined) left.set(before, times.get(key) ?? 0);
    before = run_id;
  }
  return left;
}
