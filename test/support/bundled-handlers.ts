import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { readJsonLines } from '../../functions/stage-io.ts';
import { makeFreezeInputs } from '../../functions/start/freeze-inputs.ts';
import type { Stage, StageVariables } from '../../shared/contract/environment.ts';
import type { RunReference } from '../../shared/contract/keys.ts';
import {
  type ExecutionInput,
  executionInputSchema,
  type PlanResult,
  planResultSchema,
  type Sweep,
} from '../../shared/contract/stage-events.ts';
import { partitionSchema, reduceGroupSchema } from '../../shared/contract/stages.ts';
import { clientOptions, type EmulatedAws } from './emulator-process.ts';
import { makeTables } from './glue-tables.ts';
import { type Answer, LambdaProcess } from './lambda-process.ts';
import { node24 } from './node24.ts';

const DATABASES = { RESULTS_DATABASE: 'results_of_test', DATA_DATABASE: 'data_of_test' };
const BUCKETS = { INPUT_BUCKET: 'input-of-test', WORK_BUCKET: 'work-of-test', OUTPUT_BUCKET: 'output-of-test' };
export const ORDER = '2026-01-02T03:04:05.000Z';

export const executionOf = (dataset: string, run: RunReference): ExecutionInput => ({
  dataset,
  ...run,
  order: ORDER,
  committed: false,
  sweep: { pass: 0, again: false },
});

interface Arns {
  TopicArn: string;
  QueueUrl: string;
  stateMachineArn: string;
}

/** The bundled handlers, each alone in a folder in which nothing else can be found, over fresh buckets. */
export class BundledHandlers {
  readonly processes = new Map<Stage, LambdaProcess>();
  readonly #built: string;
  readonly #alone: string;
  readonly #aws: EmulatedAws;
  readonly #client: S3Client;
  readonly #arns: Arns;

  private constructor(folder: string, aws: EmulatedAws, client: S3Client, arns: Arns) {
    this.#built = join(folder, 'built');
    this.#alone = join(folder, 'alone');
    this.#aws = aws;
    this.#client = client;
    this.#arns = arns;
  }

  /** @param folder with what esbuild.handlers.mjs wrote, below `built` */
  static async open(folder: string, aws: EmulatedAws): Promise<BundledHandlers> {
    const there = clientOptions(aws);
    const client = makeS3Client(there);
    for (const Bucket of Object.values(BUCKETS)) await client.send(new CreateBucketCommand({ Bucket }));
    const output = `s3://${BUCKETS.OUTPUT_BUCKET}/`;
    const databases = { results: DATABASES.RESULTS_DATABASE, data: DATABASES.DATA_DATABASE };
    await makeTables(new GlueClient(there), { ...databases, output });
    const name = 'runs-of-test';
    const { TopicArn = '' } = await new SNSClient(there).send(new CreateTopicCommand({ Name: name }));
    const { QueueUrl = '' } = await new SQSClient(there).send(new CreateQueueCommand({ QueueName: name }));
    // start names its executions; what they do is done by execute below
    const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
    const roleArn = 'arn:aws:iam::000000000000:role/of-test';
    const create = new CreateStateMachineCommand({ name, roleArn, definition });
    const { stateMachineArn = '' } = await new SFNClient(there).send(create);
    return new BundledHandlers(folder, aws, client, { TopicArn, QueueUrl, stateMachineArn });
  }

  store(bucket: keyof typeof BUCKETS): S3Store {
    return new S3Store({ client: this.#client, bucket: BUCKETS[bucket] });
  }

  /** Where the bundle of a stage lies, alone. */
  folderOf(stage: Stage): string {
    return join(this.#alone, stage, 'task');
  }

  async invoke(stage: Stage, event: unknown): Promise<Answer> {
    let handler = this.processes.get(stage);
    if (!handler) {
      cpSync(join(this.#built, stage), this.folderOf(stage), { recursive: true });
      const variables: StageVariables<'start'> &
        StageVariables<'plan'> &
        StageVariables<'commit'> &
        StageVariables<'failed'> = {
        POWERTOOLS_SERVICE_NAME: 'modemap-test',
        MAX_CONCURRENCY: '7',
        TOPIC_ARN: this.#arns.TopicArn,
        QUEUE_URL: this.#arns.QueueUrl,
        STATE_MACHINE_ARN: this.#arns.stateMachineArn,
        SETTLE_SECONDS: '60',
        SETTLE_MAX_SECONDS: '3600',
        TRANSFORM_MEMORY_MB: '1769',
        ...BUCKETS,
        ...DATABASES,
      };
      handler = new LambdaProcess(node24, this.folderOf(stage), { ...this.#aws, ...variables });
      this.processes.set(stage, handler);
    }
    return handler.invoke(event);
  }

  /** Like {@link invoke}, for what must succeed. */
  async call<Result>(stage: Stage, event: unknown): Promise<Result> {
    const answer = await this.invoke(stage, event);
    if ('error' in answer) throw new Error(`${stage}: ${answer.error.errorType}: ${answer.error.errorMessage}`);
    if (answer.bytes >= 1000) throw new Error(`${stage} must answer in less than 1,000 bytes, got ${answer.bytes}`);
    return answer.result as Result;
  }

  /** With what start began an execution. */
  async inputOf(executionArn: string): Promise<ExecutionInput> {
    const sfn = new SFNClient(this.#there);
    const { input = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return executionInputSchema.parse(JSON.parse(input));
  }

  /** How many messages start has sent to itself that nobody has seen yet. */
  async waiting(): Promise<number> {
    const AttributeNames: ['ApproximateNumberOfMessagesDelayed'] = ['ApproximateNumberOfMessagesDelayed'];
    const command = new GetQueueAttributesCommand({ QueueUrl: this.#arns.QueueUrl, AttributeNames });
    const { Attributes } = await new SQSClient(this.#there).send(command);
    return Number(Attributes?.ApproximateNumberOfMessagesDelayed);
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

  get #there() {
    return clientOptions(this.#aws);
  }

  close(): void {
    for (const process of this.processes.values()) process.close();
    this.#client.destroy();
  }
}
