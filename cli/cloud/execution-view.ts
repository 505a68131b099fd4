import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  DescribeMapRunCommand,
  ListMapRunsCommand,
  type ListMapRunsCommandOutput,
  type MapRunListItem,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { askAws } from './aws-errors.ts';

/** One sweep of a distributed map over its items. */
export interface MapView {
  /** the label of the map in the state machine */
  label: string;
  /** 0 for the first map run of its label, and so on */
  pass: number;
  /** whether children still run, or are still to be started */
  isRunning: boolean;
  total: number;
  done: number;
  /** failed, timed out or stopped */
  failed: number;
}

/** An execution as it is at a moment. */
export interface ExecutionView {
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** ms since 1970 */
  startedAt: number;
  /** ms since 1970; undefined while it runs */
  stoppedAt: number | undefined;
  error: string | undefined;
  cause: string | undefined;
  /** in the order in which they were started */
  maps: MapView[];
}

/**
 * Look at an execution again and again.
 *
 * Describing map runs is limited to one a second and account: of each, only the one that still runs is described.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export function watchExecution(client: SFNClient, executionArn: string): () => Promise<ExecutionView> {
  const finished = new Map<string, MapView>();
  const ask = <T>(question: () => Promise<T>) => askAws(`watching ${executionArn}`, question);
  return async () => {
    const execution = await ask(() => client.send(new DescribeExecutionCommand({ executionArn })));
    return { ...factsOf(execution), maps: await mapViews() };
  };

  async function mapViews(): Promise<MapView[]> {
    const arns = await mapRunArns();
    const passes = new Map<string, number>();
    const views: MapView[] = [];
    for (const arn of arns) {
      const label = labelOf(arn);
      const pass = passes.get(label) ?? 0;
      passes.set(label, pass + 1);
      views.push(finished.get(arn) ?? (await describe(arn, label, pass)));
    }
    return views;
  }

  /** The oldest first; AWS lists the newest first. */
  async function mapRunArns(): Promise<string[]> {
    const runs: MapRunListItem[] = [];
    let nextToken: string | undefined;
    do {
      const page: ListMapRunsCommandOutput = await ask(() =>
        client.send(new ListMapRunsCommand({ executionArn, nextToken })),
      );
      runs.push(...(page.mapRuns ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    return runs
      .sort((a, b) => (a.startDate?.getTime() ?? 0) - (b.startDate?.getTime() ?? 0))
      .map(({ mapRunArn = '' }) => mapRunArn);
  }

  async function describe(mapRunArn: string, label: string, pass: number): Promise<MapView> {
    const { status, itemCounts } = await ask(() => client.send(new DescribeMapRunCommand({ mapRunArn })));
    const { total = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0 } = itemCounts ?? {};
    const isRunning = status === 'RUNNING';
    const view = { label, pass, isRunning, total, done: succeeded, failed: failed + timedOut + aborted };
    // a failed one may be redriven
    if (status === 'SUCCEEDED') finished.set(mapRunArn, view);
    return view;
  }
}

/** `arn:aws:states:REGION:ACCOUNT:mapRun:MACHINE/LABEL:ID`. */
const labelOf = (mapRunArn: string) => /\/([^/:]+):[^:]+$/.exec(mapRunArn)?.[1] ?? '';

function factsOf({ status, startDate, stopDate, error, cause }: DescribeExecutionCommandOutput) {
  const isRunning = status === 'RUNNING' || status === 'PENDING_REDRIVE' || status === undefined;
  return {
    status: isRunning ? ('RUNNING' as const) : status,
    startedAt: startDate?.getTime() ?? 0,
    stoppedAt: stopDate?.getTime(),
    error,
    cause,
  };
}
