import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { CATALOG_OUTPUTS, STACK_OUTPUTS } from '../../shared/contract/stack-outputs.ts';
import { clientOptions, type EmulatedAws } from './emulator-process.ts';
import { makeTables } from './glue-tables.ts';

export const BUCKETS = {
  INPUT_BUCKET: 'input-of-stack',
  WORK_BUCKET: 'work-of-stack',
  OUTPUT_BUCKET: 'output-of-stack',
};
const CODE_BUCKET = 'code-of-stack';
const MACHINE = 'modemap-small';
export const DATABASES = { results: 'modemap', data: 'modemap_data' };
const STAGES = ['start', 'plan', 'fit', 'collect', 'transform', 'reduce', 'commit'] as const;
const ZIP = 'import shutil, sys; shutil.make_archive(sys.argv[2], "zip", sys.argv[1])';

/**
 * Deploy a small pipeline by CloudFormation: the real bundled stages, one sweep of them as a state machine, and outputs
 * by which the command finds it. Nothing triggers it but a call.
 *
 * @param folder for what is built
 */
export async function deploySmallStack(aws: EmulatedAws, folder: string): Promise<void> {
  await createBuckets(aws);
  const s3 = makeS3Client(clientOptions(aws));
  await s3.send(new CreateBucketCommand({ Bucket: CODE_BUCKET }));
  const script = fileURLToPath(new URL('../../esbuild.handlers.mjs', import.meta.url));
  execFileSync(process.execPath, [script, join(folder, 'built')]);
  for (const stage of STAGES) {
    execFileSync('python3', ['-c', ZIP, join(folder, 'built', stage), join(folder, stage)]);
    const Body = readFileSync(join(folder, `${stage}.zip`));
    await s3.send(new PutObjectCommand({ Bucket: CODE_BUCKET, Key: `${stage}.zip`, Body }));
  }
  s3.destroy();
  await createStack(aws, 'modemap', template());
}

/** The buckets and tables of a deployment, where nothing runs, and two stacks by whose outputs the command finds them. */
export async function deployCatalog(aws: EmulatedAws, names: { without: string; with: string }): Promise<void> {
  await createBuckets(aws);
  const outputs = outputsOf(STACK_OUTPUTS, values('none'));
  const Resources = { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: names.without } } };
  await createStack(aws, names.without, { Resources, Outputs: outputs });
  const catalog = { workgroup: 'of-test', resultsDatabase: DATABASES.results, dataDatabase: DATABASES.data };
  const ResultConfiguration = { OutputLocation: `s3://${BUCKETS.WORK_BUCKET}/athena-results/` };
  const Properties = { Name: catalog.workgroup, WorkGroupConfiguration: { ResultConfiguration } };
  await createStack(aws, names.with, {
    Resources: { Workgroup: { Type: 'AWS::Athena::WorkGroup', Properties } },
    Outputs: { ...outputs, ...outputsOf(CATALOG_OUTPUTS, catalog) },
  });
}

async function createBuckets(aws: EmulatedAws): Promise<void> {
  const s3 = makeS3Client(clientOptions(aws));
  for (const Bucket of Object.values(BUCKETS)) await s3.send(new CreateBucketCommand({ Bucket }));
  s3.destroy();
  const glue = new GlueClient(clientOptions(aws));
  await makeTables(glue, { ...DATABASES, output: `s3://${BUCKETS.OUTPUT_BUCKET}/` });
  glue.destroy();
}

async function createStack(aws: EmulatedAws, StackName: string, body: object): Promise<void> {
  const client = new CloudFormationClient(clientOptions(aws));
  await client.send(new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(body) }));
  for (let attempt = 0; attempt < 100; attempt++) {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    if (stack?.StackStatus === 'CREATE_COMPLETE') return;
    if (stack?.StackStatus?.includes('FAILED') || stack?.StackStatus?.includes('ROLLBACK')) {
      throw new Error(`stack ${StackName} must be created: ${stack.StackStatus} ${stack.StackStatusReason}`);
    }
    await sleep(200);
  }
  throw new Error(`stack ${StackName} must be created within 20 s`);
}

const arnOfMachine = `arn:aws:states:us-east-1:000000000000:stateMachine:${MACHINE}`;

const values = (startFunction: string) => ({
  inputBucket: BUCKETS.INPUT_BUCKET,
  workBucket: BUCKETS.WORK_BUCKET,
  outputBucket: BUCKETS.OUTPUT_BUCKET,
  stateMachineArn: arnOfMachine,
  startFunction,
  topicArn: 'arn:aws:sns:us-east-1:000000000000:none',
});

const outputsOf = <K extends string>(ids: Record<K, string>, given: Record<K, unknown>) =>
  Object.fromEntries(Object.entries<string>(ids).map(([key, id]) => [id, { Value: given[key as K] }]));

function template() {
  const role = 'arn:aws:iam::000000000000:role/of-test';
  const variables = {
    ...BUCKETS,
    POWERTOOLS_SERVICE_NAME: 'modemap',
    QUEUE_URL: 'http://127.0.0.1:1/none',
    STATE_MACHINE_ARN: arnOfMachine,
    SETTLE_SECONDS: '1',
    SETTLE_MAX_SECONDS: '10',
    TRANSFORM_MEMORY_MB: '1769',
    MAX_CONCURRENCY: '2',
    RESULTS_DATABASE: DATABASES.results,
    DATA_DATABASE: DATABASES.data,
  };
  const functions = STAGES.map((stage) => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: `${MACHINE}-${stage}`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role,
      Timeout: 60,
      MemorySize: 1769,
      Code: { S3Bucket: CODE_BUCKET, S3Key: `${stage}.zip` },
      Environment: { Variables: variables },
    },
  }));
  const machine = {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: { StateMachineName: MACHINE, RoleArn: role, DefinitionString: JSON.stringify(definition()) },
  };
  const resources = Object.fromEntries(functions.map((resource, i) => [`Stage${i}`, resource]));
  return {
    Resources: { ...resources, Machine: machine },
    Outputs: outputsOf(STACK_OUTPUTS, values(`${MACHINE}-start`)),
  };
}

/** One sweep: for runs whose `fit` is "sample". */
function definition() {
  const run = { 'dataset.$': '$.dataset', 'datasetId.$': '$.datasetId', 'runId.$': '$.runId' };
  const task = (stage: string, more: object = { End: true }) => ({
    Type: 'Task',
    Resource: `arn:aws:lambda:us-east-1:000000000000:function:${MACHINE}-${stage}`,
    ...more,
  });
  const overAll = (stage: 'transform' | 'reduce', item: string, key: string, Next: string) => ({
    Type: 'Map',
    Label: stage,
    MaxConcurrency: 2,
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSONL' },
      Parameters: { Bucket: BUCKETS.WORK_BUCKET, 'Key.$': key },
    },
    ItemSelector: { ...run, pass: 0, [`${item}.$`]: '$$.Map.Item.Value' },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Work',
      States: { Work: task(stage) },
    },
    ResultPath: null,
    Next,
  });
  return {
    StartAt: 'Plan',
    States: {
      Plan: task('plan', { Next: 'Fit' }),
      Fit: {
        Type: 'Map',
        ItemsPath: '$.fitGroups',
        ItemSelector: { ...run, pass: 0, 'group.$': '$$.Map.Item.Value' },
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Group', States: { Group: task('fit') } },
        ResultPath: null,
        Next: 'Collect',
      },
      Collect: task('collect', { Parameters: { ...run, pass: 0 }, ResultPath: null, Next: 'Transform' }),
      Transform: overAll('transform', 'partition', '$.keys.plan', 'Reduce'),
      Reduce: overAll('reduce', 'group', '$.keys.groups', 'Commit'),
      Commit: task('commit', { Parameters: { ...run, pass: 0, 'order.$': '$.order' }, End: true }),
    },
  };
}
