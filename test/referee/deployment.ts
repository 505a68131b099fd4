import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { readJson } from '../../functions/stage-io.ts';
import { type FailureReport, failureReportSchema } from '../../shared/contract/failure.ts';
import { outputKeys, type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { datasetIdOf } from '../../shared/contract/names.ts';
import { type RunRecord, runRecordSchema } from '../../shared/contract/run-record.ts';
import { modemapBeside } from '../support/command.ts';
import { clientOptions, type EmulatedAws } from '../support/emulator-process.ts';
import type { Outputs } from './cdk.ts';

const POLL_MS = 200;
const PATIENCE_MS = 90_000;

/** An execution that has ended. */
export interface Ended {
  name: string;
  run: RunReference;
  status: string;
  error: string | undefined;
  cause: string | undefined;
}

/** A deployed stack as its users see it: they put objects into its input bucket and look what becomes of them. */
export class Deployment {
  readonly outputs: Outputs;
  readonly input: S3Store;
  readonly work: S3Store;
  readonly output: S3Store;
  readonly #s3: S3Client;
  readonly #sfn: SFNClient;
  readonly #sqs: SQSClient;
  readonly #stack: string;
  readonly #aws: EmulatedAws;

  constructor(aws: EmulatedAws, outputs: Outputs) {
    const there = clientOptions(aws);
    this.#aws = aws;
    this.outputs = outputs;
    this.#s3 = makeS3Client(there);
    this.#sfn = new SFNClient(there);
    this.#sqs = new SQSClient(there);
    // the state machine has the stack's name
    this.#stack = outputs.stateMachineArn.slice(outputs.stateMachineArn.lastIndexOf(':') + 1);
    const store = (bucket: string) => new S3Store({ client: this.#s3, bucket });
    this.input = store(outputs.inputBucket);
    this.work = store(outputs.workBucket);
    this.output = store(outputs.outputBucket);
  }

  /** One PutObject into the input bucket, whatever was there before. */
  async drop(key: string, bytes: Uint8Array | string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.outputs.inputBucket, Key: key, Body: bytes }));
  }

  /** Executions of a dataset, the oldest first; children of maps are not among them. */
  async executions(dataset: string): Promise<ExecutionListItem[]> {
    const { stateMachineArn } = this.outputs;
    const { executions = [] } = await this.#sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 1000 }));
    const own = new RegExp(`^${datasetIdOf(dataset)}-[0-9a-f]{16}-\\d+$`);
    return executions
      .filter(({ name = '' }) => own.test(name))
      .sort((a, b) => Number(a.startDate) - Number(b.startDate));
  }

  /** Wait until the n-th execution of a dataset runs or has run. */
  async started(dataset: string, n = 1, patienceMs = PATIENCE_MS): Promise<RunReference> {
    const { name = '' } = await this.#await(dataset, n, patienceMs, () => true);
    return runOf(name);
  }

  /**
   * Wait until the n-th execution of a dataset has ended.
   *
   * @param n counted from 1
   * @throws {Error} if that does not happen in time
   */
  async ended(dataset: string, n = 1, patienceMs = PATIENCE_MS): Promise<Ended> {
    return this.#describe(await this.#await(dataset, n, patienceMs, ({ status }) => status !== 'RUNNING'));
  }

  /** Wait for the n-th execution of a dataset and read the record it has committed. */
  async committed(dataset: string, n = 1): Promise<RunRecord> {
    const { run, status, error, cause } = await this.ended(dataset, n);
    if (status !== 'SUCCEEDED')
      throw new Error(`the run of ${dataset} must succeed, it is ${status}: ${error}: ${cause}`);
    return readJson(this.output, outputKeys.record(run), runRecordSchema);
  }

  /** Wait for the n-th execution of a dataset to fail and read what is reported of it. */
  async failed(dataset: string, n = 1, patienceMs = PATIENCE_MS): Promise<FailureReport> {
    const { run, status, name } = await this.ended(dataset, n);
    if (status !== 'FAILED') throw new Error(`the run of ${dataset} must fail, it is ${status}`);
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(POLL_MS)) {
      if (!(await this.work.head(workKeys.failure(run)))) continue;
      const report = await readJson(this.work, workKeys.failure(run), failureReportSchema);
      if (report.execution === name) return report;
    }
    throw new Error(`${workKeys.failure(run)} must tell of ${name}`);
  }

  /** Bodies of the messages that nobody could handle. */
  async deadLetters(): Promise<string[]> {
    const { QueueUrls = [] } = await this.#sqs.send(new ListQueuesCommand({ QueueNamePrefix: this.#stack }));
    const letters = QueueUrls.filter((url) => /(Refused|Undelivered|Untold)[^/]*$/.test(url));
    if (letters.length !== 3) throw new Error(`the stack must have three queues of dead letters, got ${letters}`);
    const bodies = [];
    for (const QueueUrl of letters) {
      const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      bodies.push(...Messages.map(({ Body = '' }) => Body));
    }
    return bodies;
  }

  /** Keys of the output bucket that belong to a dataset. */
  async visible(dataset: string): Promise<string[]> {
    const keys = [];
    for await (const { key } of this.output.list('')) {
      if (key.includes(`dataset=${datasetIdOf(dataset)}/`)) keys.push(key);
    }
    return keys;
  }

  /** Copy what the output bucket holds of a dataset into a folder. */
  async download(dataset: string, to: string): Promise<void> {
    for (const key of await this.visible(dataset)) {
      mkdirSync(dirname(join(to, key)), { recursive: true });
      writeFileSync(join(to, key), await this.output.read(key));
    }
  }

  /** What `modemap status` says of a dataset. */
  async status(dataset: string): Promise<string> {
    const place = `s3://${this.outputs.inputBucket}/${dataset}`;
    const { status, stdout, stderr } = await modemapBeside(['status', place, '--stack', this.#stack], this.#aws);
    if (status !== 0) throw new Error(`modemap status must say how ${dataset} is: ${stderr}`);
    return stdout;
  }

  close(): void {
    this.#s3.destroy();
    this.#sfn.destroy();
    this.#sqs.destroy();
  }

  async #await(dataset: string, n: number, patienceMs: number, isSo: (execution: ExecutionListItem) => boolean) {
    for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await sleep(POLL_MS)) {
      const execution = (await this.executions(dataset))[n - 1];
      if (execution && isSo(execution)) return execution;
    }
    throw new Error(`execution ${n} of ${dataset} must start and end within ${patienceMs / 1000} s`);
  }

  async #describe({ executionArn, name = '' }: ExecutionListItem): Promise<Ended> {
    const { status = '', error, cause } = await this.#sfn.send(new DescribeExecutionCommand({ executionArn }));
    return { name, run: runOf(name), status, error, cause };
  }
}

function runOf(execution: string): RunReference {
  const [datasetId, runId] = execution.split('-');
  return { datasetId, runId };
}
