import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from '../../shared/contract/environment.ts';
import { workKeys } from '../../shared/contract/keys.ts';
import { MISLEADING_FILES, writeMisleadingTable } from '../support/misleading-table.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import type { Deployment } from './deployment.ts';
import type { Inbox } from './inbox.ts';
import type { Right, RoleRights } from './role-rights.ts';

/** What became of a trial; red says what went wrong. */
export interface Verdict {
  right: Right;
  isGreen: boolean;
  reason: string;
}

/** A message that start could not handle comes again after half an hour: nothing is worth that wait. */
const START_MS = 20_000;
/** To fail and to be told of it. */
const FAIL_MS = 20_000;

/** Datasets that ask everything of the functions that a run, or its failure, may ask. */
export interface TrialData {
  /** of a run in two passes: key -> bytes */
  misleading: ReadonlyMap<string, Uint8Array>;
  /** many partitions */
  pieces: Uint8Array;
  small: Uint8Array;
  other: Uint8Array;
}

/** @param folder where files may be left */
export async function makeTrialData(folder: string): Promise<TrialData> {
  await writeMisleadingTable(folder);
  const table = 'select sqrt(i + 1)::double as x';
  return {
    misleading: new Map(MISLEADING_FILES.map((key) => [key, readFileSync(join(folder, key))])),
    pieces: await parquetBytes(`${table} from range(200000) t(i)`, 'row_group_size 2048'),
    small: await parquetBytes(`${table} from range(3000) t(i)`),
    other: await parquetBytes(`${table} from range(4000) t(i)`),
  };
}

/** Tries what a right is for without it. */
export class RightsTrial {
  readonly #deployed: Deployment;
  readonly #inbox: Inbox;
  readonly #rights: RoleRights;
  readonly #data: TrialData;
  #trials = 0;

  constructor(deployed: Deployment, inbox: Inbox, rights: RoleRights, data: TrialData) {
    this.#deployed = deployed;
    this.#inbox = inbox;
    this.#rights = rights;
    this.#data = data;
  }

  /** A whole run without one right; where the right is the failed function's, a run that fails. */
  async without(right: Right): Promise<Verdict> {
    const dataset = `trial_${this.#trials++}`;
    try {
      await this.#rights.without(right, () => this.#need(right.stage, dataset));
      return { right, isGreen: true, reason: '' };
    } catch (error) {
      return { right, isGreen: false, reason: (error as Error).message.slice(0, 600) };
    }
  }

  /** Everything that is tried without a right, with all of them. */
  async withAll(): Promise<void> {
    await this.#need('commit', `trial_${this.#trials++}`);
    await this.#need('failed', `trial_${this.#trials++}`);
  }

  /** What a stage is needed for; a rejection says what of it did not come true. */
  async #need(stage: Stage, dataset: string): Promise<void> {
    if (stage === 'failed') return this.#fail(dataset);
    await this.#run(dataset);
    // start and commit know a run that has been there before
    if (stage === 'start' || stage === 'commit') await this.#comeBack(`${dataset}_back`);
  }

  async #run(dataset: string): Promise<void> {
    for (const [key, bytes] of this.#data.misleading) await this.#deployed.drop(`${dataset}/${key}`, bytes);
    await this.#deployed.started(dataset, 1, START_MS);
    const { passes } = await this.#deployed.committed(dataset);
    if (passes !== 2) throw new Error(`the run must take two passes, it took ${passes}`);
    const left = (await this.#deployed.visible(dataset)).filter((key) => key.includes('/pass-0/'));
    if (left.length > 0) throw new Error(`the first pass must be gone, ${left[0]} is there`);
  }

  /** A, then B, then A again. */
  async #comeBack(dataset: string): Promise<void> {
    const { small, other } = this.#data;
    for (const [n, bytes] of [small, other, small].entries()) {
      await this.#deployed.drop(`${dataset}/a.parquet`, bytes);
      await this.#deployed.started(dataset, n + 1, START_MS);
      await this.#deployed.committed(dataset, n + 1);
    }
    const moves = (await this.#deployed.visible(dataset)).filter((key) => key.startsWith('current/'));
    if (moves.length !== 3) throw new Error(`the dataset's current run must change three times, got ${moves.length}`);
  }

  /** The input changes after some partitions have read it: partitions leave reasons, and a newer run is on its way. */
  async #fail(dataset: string): Promise<void> {
    await this.#deployed.drop(`${dataset}/_modemap.json`, JSON.stringify({ sampleRows: 1000, partitionBytes: 1 }));
    await this.#deployed.drop(`${dataset}/a.parquet`, this.#data.pieces);
    const run = await this.#deployed.started(dataset, 1, START_MS);
    while (!(await this.#deployed.work.head(workKeys.model(run, 0)))) await sleep(20);
    await this.#deployed.drop(`${dataset}/a.parquet`, this.#data.other);
    const { execution, superseded, partitions } = await this.#deployed.failed(dataset, 1, FAIL_MS);
    if (!superseded) throw new Error('the report must say that a newer run is on its way');
    if (!partitions.some(({ reason }) => reason.includes('changed while'))) throw new Error('a partition must say why');
    if (!(await this.#inbox.noticeOf(execution))) throw new Error(`somebody must be told of ${execution}`);
  }
}
