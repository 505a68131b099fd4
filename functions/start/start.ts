import { ConfigurationError } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { CONFIGURATION_FILE, datasetIdOf } from '../../shared/contract/names.ts';
import type { StartedRun } from '../../shared/contract/start-call.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { newestListing } from '../listing-log.ts';
import { isDatasetName } from './dataset-of-key.ts';
import { type DatasetListing, listDataset } from './list-dataset.ts';
import type { DelayedQueue, InputLister } from './ports.ts';
import { type Request, writeMessage } from './read-message.ts';
import { type SettleTimes, settle, type Wait } from './settle.ts';
import { makeStartRun, type StartRunPorts } from './start-run.ts';
import { isMarked, startsOnMarker } from './starts-on-marker.ts';

export interface StartPorts extends StartRunPorts {
  input: Pick<ObjectStore, 'read'>;
  lister: InputLister;
  queue: DelayedQueue;
}

export interface StartSettings extends SettleTimes {
  /** memory one transform worker may use */
  memoryBytes: number;
}

/** A dataset with its configuration, so that both are of one moment. */
interface Sighted extends DatasetListing {
  text: string | null;
}

/**
 * The start stage: of what happened to a dataset make exactly one run of what it is in the end.
 *
 * No wish is dropped because a newer one exists: every one of them ends in a listing, equal listings have one run, and
 * a run has one execution at a time.
 */
export function makeStart({ input, lister, queue, ...ports }: StartPorts, settings: StartSettings) {
  const startRun = makeStartRun(ports);
  return { wake, call };

  /**
   * What messages that arrived together ask of one dataset: start its run, or go on waiting.
   *
   * @param requests at least one, all of them of `dataset`
   * @returns undefined while it waits for quiet or for a marker, or where nothing is there any more
   */
  async function wake(dataset: string, requests: readonly Request[]): Promise<StartedRun | undefined> {
    const sighted = await look(dataset);
    if (startsOnMarker(sighted, sighted.text)) {
      const marked = requests.flatMap((request) => (request.is === 'marker' ? request.time : []));
      return marked.length > 0 && isMarked(sighted) ? go(sighted, Math.max(...marked)) : undefined;
    }
    if (sighted.isEmpty) return undefined;
    const waits = requests.map((request) => waitOf(request, sighted.now));
    const settled = await settleInTurn(waits, sighted);
    if (settled.is !== 'waiting') return go(sighted, Math.max(...waits.map(({ lastEvent }) => lastEvent)));
    await queue.sendDelayed(writeMessage({ dataset, ...settled.wait }), settled.delaySeconds);
    return undefined;
  }

  /**
   * What somebody asks for by name: start the run of what is there now, without waiting for anything.
   *
   * @throws {ConfigurationError} if it cannot be the name of a dataset
   */
  async function call(dataset: string): Promise<StartedRun> {
    if (!isDatasetName(dataset)) {
      throw new ConfigurationError(
        `dataset must be the name of a first-level folder that is not hidden, got ${JSON.stringify(dataset)}`,
      );
    }
    const sighted = await look(dataset);
    return go(sighted, sighted.now);
  }

  async function look(dataset: string): Promise<Sighted> {
    const listing = await listDataset(lister, dataset);
    const { configuration } = listing;
    if (!configuration) return { ...listing, text: null };
    const { key, etag, sizeBytes } = configuration;
    if (sizeBytes > LIMITS.configurationBytes) return { ...listing, text: null, ...tooLarge(listing, sizeBytes) };
    const bytes = await input.read(key, { start: 0, end: sizeBytes, etag });
    return { ...listing, text: new TextDecoder().decode(bytes) };
  }

  /** A stream of drops that never ends is started once in settleMax, not once for every message that has had enough. */
  async function settleInTurn(waits: readonly Wait[], { dataset, now, dataModified, configuration, digest }: Sighted) {
    const sight = { now, modified: Math.max(dataModified, configuration?.modified ?? 0), digest };
    const settled = settle(waits, sight, settings);
    if (settled.is !== 'overdue') return settled;
    const newest = await newestListing(ports.work, datasetIdOf(dataset));
    const startedAt = newest ? Date.parse(newest.order) : 0;
    const sinceThen = waits.map((wait) => ({ ...wait, firstSeen: Math.max(wait.firstSeen, startedAt) }));
    return settle(sinceThen, sight, settings);
  }

  async function go(sighted: Sighted, wished: number): Promise<StartedRun> {
    const { dataset, root, objects, text, problem, now, dataModified, marker, digest } = sighted;
    const { memoryBytes, settleSeconds } = settings;
    const order = new Date(now).toISOString();
    const asked = Math.max(wished, dataModified, marker?.modified ?? 0);
    const run = await startRun({ dataset, root, order, objects, configuration: text, memoryBytes, problem }, asked);
    if (run.state === 'waiting') {
      const wait = { lastEvent: asked, firstSeen: now, seen: { digest, at: now } };
      const again = startsOnMarker(sighted, text) ? { ...wait, marker: true } : wait;
      await queue.sendDelayed(writeMessage({ dataset, ...again }), settleSeconds + 1);
    }
    return run;
  }
}

/** An event says when it happened; since when the dataset has been what it is, is not known before it is listed. */
function waitOf(request: Request, now: number): Wait {
  return request.is === 'wait' ? request.wait : { lastEvent: request.time, firstSeen: now };
}

function tooLarge({ problem }: DatasetListing, sizeBytes: number) {
  const message = `${CONFIGURATION_FILE} must be at most ${LIMITS.configurationBytes} bytes, it has ${sizeBytes}`;
  return { problem: problem ?? { name: 'ConfigurationError', message } };
}
