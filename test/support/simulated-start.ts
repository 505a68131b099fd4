import { createHash } from 'node:crypto';
import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { publishNewest, storedCurrentRuns } from '../../functions/current-runs.ts';
import { encodeJson, readJson } from '../../functions/stage-io.ts';
import type { DelayedQueue, Execution, Executions, InputLister, ListedObject } from '../../functions/start/ports.ts';
import { makeStart, type StartSettings } from '../../functions/start/start.ts';
import { takeMessages } from '../../functions/start/take-messages.ts';
import { InputChangedError } from '../../shared/contract/errors.ts';
import { outputKeys, workKeys } from '../../shared/contract/keys.ts';
import { compareKeys } from '../../shared/contract/names.ts';
import { type ExecutionInput, executionInputSchema } from '../../shared/contract/stage-events.ts';
import { type FrozenInputs, frozenInputsSchema } from '../../shared/contract/stages.ts';
import type { ReadRange } from '../../shared/store/object-store.ts';
import { recordOf } from './run-fixture.ts';

export const INPUT_BUCKET = 'the-input';
const START_OF_TIME = Date.parse('2026-03-01T00:00:00Z');
const PAGE = 1000;
const BATCH = 1000;
const WINDOW_MS = 5000;
const VISIBILITY_MS = 60_000;

export interface SimulatedExecution extends Execution {
  name: string;
  input: ExecutionInput;
  started: number;
}

/**
 * The start stage among its neighbours with time of its own: a bucket, a queue that delays, batches and delivers
 * again, a state machine whose executions take a while and commit. Nothing happens but by `at` and what follows.
 */
export class SimulatedStart {
  readonly input = new MemoryStore();
  readonly work = new MemoryStore();
  readonly output = new MemoryStore();
  readonly currents = storedCurrentRuns(this.output);
  readonly executions = new Map<string, SimulatedExecution>();
  readonly failures: unknown[] = [];
  executionMs = 90_000;
  /** AWS answers with the running execution where name and input are equal, emulators do not */
  repeatedStartAnswers: 'started' | 'exists' = 'started';
  now = START_OF_TIME;
  /** what follows when an invocation reports messages that failed */
  afterFailure: () => void = () => {};
  stage: ReturnType<typeof makeStart>;
  readonly #agenda: { time: number; order: number; act: () => unknown }[] = [];
  #order = 0;
  #messages = 0;
  #queue: { messageId: string; body: string; visible: number }[] = [];
  #listed: ListedObject[] = [];

  constructor(settings: Partial<StartSettings> = {}) {
    this.stage = makeStart(this.ports, {
      settleSeconds: 60,
      settleMaxSeconds: 3600,
      memoryBytes: 1e9,
      ...settings,
    });
  }

  get ports() {
    const { work, output, currents } = this;
    const read = async (key: string, range?: ReadRange) => {
      const listed = this.#listed.find((object) => object.key === key);
      if (listed?.etag !== range?.etag) throw new InputChangedError(`${key} is another one`);
      return this.input.read(key);
    };
    return {
      input: { read },
      work,
      output,
      currents,
      lister: this.lister,
      queue: this.queue,
      executions: this.machine,
    };
  }

  /** Do something `seconds` after the beginning. */
  at(seconds: number, act: () => unknown): void {
    this.#schedule(START_OF_TIME + seconds * 1000, act);
  }

  /** Let time pass until nothing more happens. */
  async run(): Promise<void> {
    for (;;) {
      this.#agenda.sort((a, b) => b.time - a.time || b.order - a.order);
      const next = this.#agenda.pop();
      if (!next) return;
      this.now = Math.max(this.now, next.time);
      await next.act();
    }
  }

  /** An object appears; `uploadSeconds` ago its upload began, which is what S3 says later. Equal bytes, equal ETags. */
  put(key: string, content: string, uploadSeconds = 0): void {
    const bytes = new TextEncoder().encode(content);
    this.input.overwrite(key, bytes);
    const etag = createHash('md5').update(bytes).digest('hex');
    const modified = Math.floor((this.now - uploadSeconds * 1000) / 1000) * 1000;
    const object = { key, etag, sizeBytes: bytes.byteLength, modified };
    const index = this.#listed.findIndex((other) => compareKeys(other.key, key) >= 0);
    const found = index >= 0 && this.#listed[index].key === key;
    this.#listed.splice(index < 0 ? this.#listed.length : index, found ? 1 : 0, object);
  }

  async remove(key: string): Promise<void> {
    await this.input.remove(key);
    this.#listed = this.#listed.filter((object) => object.key !== key);
  }

  /** The event of an object that appears now, by a clock that may be off. */
  eventOf(key: string, skewSeconds = 0, detailType = 'Object Created'): string {
    return JSON.stringify({
      version: '0',
      source: 'aws.s3',
      'detail-type': detailType,
      time: `${new Date(this.now + skewSeconds * 1000).toISOString().slice(0, 19)}Z`,
      detail: { version: '0', bucket: { name: INPUT_BUCKET }, object: { key, size: 1, etag: 'x', sequencer: '0' } },
    });
  }

  /** An object appears and its event comes at once. */
  drop(key: string, content = 'x'): void {
    this.put(key, content);
    this.deliver(this.eventOf(key));
  }

  /** Executions in the order in which they were started, and the runs that they are of. */
  get started(): SimulatedExecution[] {
    return [...this.executions.values()];
  }
  get runIds(): string[] {
    return this.started.map(({ input }) => input.runId);
  }

  /** Put a message on the queue. */
  deliver(body: string, delaySeconds = 0): void {
    const visible = this.now + delaySeconds * 1000;
    this.#queue.push({ messageId: `m${++this.#messages}`, body, visible });
    this.#schedule(visible + WINDOW_MS, () => this.#poll());
  }

  /** Every object that is frozen for an execution's run. */
  async frozen({ datasetId, runId }: ExecutionInput): Promise<FrozenInputs> {
    return readJson(this.work, workKeys.inputs({ datasetId, runId }), frozenInputsSchema);
  }

  get messagesLeft(): number {
    return this.#queue.length;
  }

  /** What is listed of a dataset's data at this moment. */
  stateOf(folder: string): { key: string; etag: string; sizeBytes: number }[] {
    return this.#listed
      .filter(({ key }) => key.startsWith(folder) && key.endsWith('.parquet'))
      .map(({ key, etag, sizeBytes }) => ({ key: key.slice(folder.length), etag, sizeBytes }));
  }

  readonly queue: DelayedQueue = {
    sendDelayed: async (body, delaySeconds) => {
      if (delaySeconds < 0 || delaySeconds > 900) throw new RangeError(`SQS delays by 0..900 s, got ${delaySeconds}`);
      if (!Number.isInteger(delaySeconds)) throw new RangeError(`SQS delays by whole seconds, got ${delaySeconds}`);
      this.deliver(body, delaySeconds);
    },
  };

  readonly lister: InputLister = {
    pages: async function* (this: SimulatedStart, prefix: string, { folder = false } = {}) {
      const objects = this.#listed.filter(
        ({ key }) => key.startsWith(prefix) && !(folder && key.slice(prefix.length).includes('/')),
      );
      for (let start = 0; start === 0 || start < objects.length; start += PAGE) {
        yield { now: Math.floor(this.now / 1000) * 1000, objects: objects.slice(start, start + PAGE) };
      }
    }.bind(this),
  };

  readonly machine: Executions = {
    arnOf: (name) => `arn:aws:states:eu-west-1:1:execution:modemap:${name}`,
    describe: async (name) => this.executions.get(name),
    start: async (name, text) => {
      if (!/^[\w-]{1,80}$/.test(name)) throw new RangeError(`not the name of an execution: ${name}`);
      const input = executionInputSchema.parse(JSON.parse(text));
      const other = this.executions.get(name);
      if (other) {
        const same = other.status === 'RUNNING' && JSON.stringify(other.input) === JSON.stringify(input);
        return same ? this.repeatedStartAnswers : 'exists';
      }
      const execution: SimulatedExecution = { name, input, started: this.now, status: 'RUNNING', stopped: undefined };
      this.executions.set(name, execution);
      this.#schedule(this.now + (input.committed ? 1000 : this.executionMs), () => this.succeed(name));
      return 'started';
    },
  };

  /** What the state machine does at the end: the run's record, then its publication. */
  async succeed(name: string): Promise<void> {
    const execution = this.executions.get(name)!;
    if (execution.status !== 'RUNNING') return;
    const { datasetId, runId } = execution.input;
    const run = { datasetId, runId };
    const { order } = await this.frozen(execution.input);
    await this.output.write(outputKeys.record(run), encodeJson(recordOf(run, { order })));
    await publishNewest(this, this.currents, { ...run, order });
    this.end(name, 'SUCCEEDED');
  }

  end(name: string, status: Execution['status']): void {
    Object.assign(this.executions.get(name)!, { status, stopped: this.now });
  }

  #schedule(time: number, act: () => unknown): void {
    this.#agenda.push({ time, order: this.#order++, act });
  }

  /** One invocation of the start function: what is visible, at most a batch of it. */
  async #poll(): Promise<void> {
    const batch = this.#queue.filter(({ visible }) => visible <= this.now).slice(0, BATCH);
    if (batch.length === 0) return;
    for (const message of batch) message.visible = this.now + VISIBILITY_MS;
    const { failures } = await takeMessages(batch, INPUT_BUCKET, this.stage.wake);
    this.failures.push(...failures.map(({ error }) => error));
    if (failures.length > 0) this.afterFailure();
    const again = new Set(failures.flatMap(({ messageIds }) => messageIds));
    const done = new Set(batch.filter(({ messageId }) => !again.has(messageId)));
    this.#queue = this.#queue.filter((message) => !done.has(message));
    if (again.size > 0) this.#schedule(this.now + VISIBILITY_MS, () => this.#poll());
    if (this.#queue.some(({ visible }) => visible <= this.now)) this.#schedule(this.now, () => this.#poll());
  }
}
