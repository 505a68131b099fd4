import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { readJsonLines } from '../../functions/stage-io.ts';
import { makeFreezeInputs } from '../../functions/start/freeze-inputs.ts';
import type { Stage, StageVariables } from '../../shared/contract/environment.ts';
import type { RunReference } from '../../shared/contract/keys.ts';
import {
  type ExecutionInput,
  type PlanResult,
  planResultSchema,
  type Sweep,
} from '../../shared/contract/stage-events.ts';
import { partitionSchema, reduceGroupSchema } from '../../shared/contract/stages.ts';
import type { EmulatedAws } from './emulator-process.ts';
import { type Answer, LambdaProcess } from './lambda-process.ts';
import { node24 } from './node24.ts';

/** Every stage of the state machine and the report of its failures. */
export type Handled = Exclude<Stage, 'start'>;

const BUCKETS = { INPUT_BUCKET: 'input-of-test', WORK_BUCKET: 'work-of-test', OUTPUT_BUCKET: 'output-of-test' };
export const ORDER = '2026-01-02T03:04:05.000Z';

export const executionOf = (dataset: string, run: RunReference): ExecutionInput => ({
  dataset,
  ...run,
  order: ORDER,
  committed: false,
  sweep: { pass: 0, again: false },
});

/** The bundled handlers, each alone in a folder in which nothing else can be found, over fresh buckets. */
export class BundledHandlers {
  readonly processes = new Map<Handled, LambdaProcess>();
  readonly #built: string;
  readonly #alone: string;
  readonly #aws: EmulatedAws;
  readonly #client: S3Client;
  readonly #topicArn: string;

  private constructor(folder: string, aws: EmulatedAws, client: S3Client, topicArn: string) {
    this.#built = join(folder, 'built');
    this.#alone = join(folder, 'alone');
    this.#aws = aws;
    this.#client = client;
    this.#topicArn = topicArn;
  }

  /** @param folder with what esbuild.handlers.mjs wrote, below `built` */
  static async open(folder: string, aws: EmulatedAws): Promise<BundledHandlers> {
    const credentials = { accessKeyId: aws.AWS_ACCESS_KEY_ID, secretAccessKey: aws.AWS_SECRET_ACCESS_KEY };
    const there = { endpoint: aws.AWS_ENDPOINT_URL, region: aws.AWS_REGION, credentials };
    const client = makeS3Client(there);
    for (const Bucket of Object.values(BUCKETS)) await client.send(new CreateBucketCommand({ Bucket }));
    const { TopicArn = '' } = await new SNSClient(there).send(new CreateTopicCommand({ Name: 'runs-of-test' }));
    return new BundledHandlers(folder, aws, client, TopicArn);
  }

  store(bucket: keyof typeof BUCKETS): S3Store {
    return new S3Store({ client: this.#client, bucket: BUCKETS[bucket] });
  }

  /** Where the bundle of a stage lies, alone. */
  folderOf(stage: Handled): string {
    return join(this.#alone, stage, 'task');
  }

  async invoke(stage: Handled, event: unknown): Promise<Answer> {
    let handler = this.processes.get(stage);
    if (!handler) {
      cpSync(join(this.#built, stage), this.folderOf(stage), { recursive: true });
      const variables: StageVariables<'plan'> & StageVariables<'transform'> & StageVariables<'failed'> = {
        POWERTOOLS_SERVICE_NAME: 'modemap-test',
        MAX_CONCURRENCY: '7',
        TOPIC_ARN: this.#topicArn,
        ...BUCKETS,
      };
      handler = new LambdaProcess(node24, this.folderOf(stage), { ...this.#aws, ...variables });
      this.processes.set(stage, handler);
    }
    return handler.invoke(event);
  }

  /** Like {@link invoke}, for what must succeed. */
  async call<Result>(stage: Handled, event: unknown): Promise<Result> {
    const answer = await this.invoke(stage, event);
    if ('error' in answer) throw new Error(`${stage}: ${answer.error.errorType}: ${answer.error.errorMessage}`);
    if (answer.bytes >= 1000) throw new Error(`${stage} must answer in less than 1,000 bytes, got ${answer.bytes}`);
    return answer.result as Result;
  }

  /** What start does, without waiting. */
  async freeze(dataset: string): Promise<RunReference> {
    const stores = { input: this.store('INPUT_BUCKET'), work: this.store('WORK_BUCKET') };
    const request = { dataset, root: `${dataset}/`, order: ORDER, memoryBytes: 1_769e6 };
    const { datasetId, runId } = await makeFreezeInputs(stores)(request);
    return { datasetId, runId };
  }

  /** The state machine's walk, state by state. */
  async execute(input: ExecutionInput): Promise<void> {
    const work = this.store('WORK_BUCKET');
    const plan = planResultSchema.parse(await this.call<PlanResult>('plan', input));
    const { dataset, datasetId, runId } = plan;
    const run = { dataset, datasetId, runId };
    const fitAll = async (pass: number) => {
      for (const group of plan.fitGroups) await this.call('fit', { ...run, pass, group });
      return this.call<Sweep>('collect', { ...run, pass });
    };
    let sweep = await fitAll(0);
    for (;;) {
      const { pass } = sweep;
      for (const partition of await readJsonLines(work, plan.keys.plan, partitionSchema))
        await this.call('transform', { ...run, pass, partition });
      for (const group of await readJsonLines(work, plan.keys.groups, reduceGroupSchema))
        await this.call('reduce', { ...run, pass, group });
      if (pass > 0 || !plan.looksBack) break;
      sweep = await fitAll(1);
      if (!sweep.again) break;
    }
    await this.call('commit', { ...run, pass: sweep.pass, order: input.order });
  }

  close(): void {
    for (const process of this.processes.values()) process.close();
    this.#client.destroy();
  }
}
