import { executionName } from '../shared/contract/execution-name.ts';
import type { RunReference } from '../shared/contract/keys.ts';

/**
 * The execution of a run that has the highest number, or number 1 without one.
 *
 * @param describe undefined: no execution has that name
 */
export async function lastExecution<Execution>(
  run: RunReference,
  describe: (name: string) => Promise<Execution | undefined>,
): Promise<{ n: number; execution: Execution | undefined }> {
  let last: { n: number; execution: Execution | undefined } = { n: 1, execution: undefined };
  for (let n = 1; ; n++) {
    const execution = await describe(executionName(run, n));
    if (!execution) return last;
    last = { n, execution };
  }
}
