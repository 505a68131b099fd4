import { StoreUnavailableError } from '../../shared/contract/errors.ts';
import { executionName } from '../../shared/contract/execution-name.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import type { ExecutionInput } from '../../shared/contract/stage-events.ts';
import type { StartedRun, StartState } from '../../shared/contract/start-call.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import type { CurrentRuns } from '../current-runs.ts';
import { lastExecution } from '../last-execution.ts';
import { logListing } from '../listing-log.ts';
import { freezeListed, type ListedDataset } from './freeze-inputs.ts';
import type { Execution, Executions } from './ports.ts';

export interface StartRunPorts extends Pick<Stores, 'work' | 'output'> {
  executions: Executions;
  currents: CurrentRuns;
}

/** A name that is taken is described at once; a service that does not know yet what it said is asked this often. */
const ATTEMPTS = 3;

/**
 * Freeze a listing, note it, and see to it that an execution makes its run the current one: exactly one at a time.
 *
 * Everything before StartExecution can be repeated. The listing is noted before anything is looked at: a run that has
 * no record after that will find the note when it commits.
 *
 * @param asked when the run was last wished for, ms since 1970: a wish newer than a failure starts it again
 * @throws {StoreUnavailableError} if the executions cannot be told apart at this moment
 */
export function makeStartRun({ work, output, executions, currents }: StartRunPorts) {
  return async (listed: ListedDataset, asked: number): Promise<StartedRun> => {
    const { dataset, datasetId, runId } = await freezeListed(work, listed);
    const run = { datasetId, runId };
    await logListing(work, run, listed.order);
    const committed = (await output.head(outputKeys.record(run))) !== undefined;
    const isCurrent = committed && (await currents.read(datasetId))?.runId === runId;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { n, execution } = await lastExecution(run, (name) => executions.describe(name));
      const decision = decide(execution, { committed, isCurrent, asked });
      if (decision !== 'start') return outcome(n, decision);
      const next = execution ? n + 1 : n;
      const input: ExecutionInput = {
        dataset,
        ...run,
        order: listed.order,
        committed,
        sweep: { pass: 0, again: false },
      };
      const answer = await executions.start(executionName(run, next), JSON.stringify(input));
      if (answer === 'started') return outcome(next, 'started');
    }
    throw new StoreUnavailableError(`an execution of run ${runId} of ${dataset} exists that cannot be described yet`);

    function outcome(n: number, state: StartState): StartedRun {
      const name = executionName(run, n);
      return { dataset, ...run, name, executionArn: executions.arnOf(name), state };
    }
  };
}

interface Standing {
  /** the run has its record */
  committed: boolean;
  /** readers of the dataset get it */
  isCurrent: boolean;
  asked: number;
}

function decide(execution: Execution | undefined, { committed, isCurrent, asked }: Standing): StartState | 'start' {
  // a name is forgotten 90 days after its execution ended, the run is not
  if (!execution) return isCurrent ? 'done' : 'start';
  const { status, stopped } = execution;
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') {
    // it may have chosen the current run before this listing was noted
    return committed && !isCurrent ? 'waiting' : 'joined';
  }
  if (status === 'SUCCEEDED') return isCurrent ? 'done' : 'start';
  return stopped !== undefined && asked <= stopped ? 'failed' : 'start';
}
