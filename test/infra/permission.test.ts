import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../support/resolve-template.ts';
import { makeStack, type Resource, resourcesOf } from './synthesized.ts';

const template = Template.fromStack(makeStack().stack);
const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role'));

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: object;
}

function statementsOf({ Properties }: Resource): Statement[] {
  const policies = resolveTemplate(Properties.Policies) as { PolicyDocument: { Statement: Statement[] } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Every right of a role as `action resource`, sorted. */
function rightsOf(name: string): string[] {
  const [, role] = roles.find(([id]) => id.startsWith(name))!;
  const lines = statementsOf(role).flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)),
  );
  return lines.sort();
}

/** Of every function: its own log group, and X-Ray, which has no resources to name. */
const ofEveryFunction = (stage: string) => [
  `logs:CreateLogStream Stages${stage}Logs`,
  `logs:PutLogEvents Stages${stage}Logs`,
  'xray:PutTelemetryRecords *',
  'xray:PutTraceSegments *',
];

const execution = 'arn:aws:states:eu-west-1:123456789012:execution:modemap';

/** A change of any permission is a change of this list. */
const expected: Record<string, string[]> = {
  Start: [
    's3:GetObject BucketsInput/*_modemap.json',
    's3:GetObject BucketsOutput/current/dataset=*/*.json',
    's3:GetObject BucketsOutput/runs/dataset=*/*.json',
    's3:GetObject BucketsWork/*/*/inputs.json',
    's3:ListBucket BucketsInput',
    's3:ListBucket BucketsOutput',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsWork/*/*/inputs.json',
    's3:PutObject BucketsWork/*/listings/*-*.json',
    'sqs:DeleteMessage TriggerQueue',
    'sqs:GetQueueAttributes TriggerQueue',
    'sqs:ReceiveMessage TriggerQueue',
    'sqs:SendMessage TriggerQueue',
    `states:DescribeExecution ${execution}:*`,
    'states:StartExecution RunMachine',
  ],
  Plan: [
    's3:GetObject BucketsInput/*',
    's3:GetObject BucketsWork/*/*/inputs.json',
    's3:GetObject BucketsWork/*/*/plan.json',
    's3:GetObject BucketsWork/*/*/plan.jsonl',
    's3:ListBucket BucketsInput',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsWork/*/*/groups.jsonl',
    's3:PutObject BucketsWork/*/*/plan.json',
    's3:PutObject BucketsWork/*/*/plan.jsonl',
    's3:PutObject BucketsWork/*/*/sample.json',
  ],
  Fit: [
    's3:GetObject BucketsInput/*',
    's3:GetObject BucketsWork/*/*/inputs.json',
    's3:GetObject BucketsWork/*/*/model-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/fits/group-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/reduced/group-*.summary.bin',
    's3:GetObject BucketsWork/*/*/plan.json',
    's3:GetObject BucketsWork/*/*/sample.json',
    's3:ListBucket BucketsInput',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsWork/*/*/pass-*/fits/group-*.json',
  ],
  Collect: [
    's3:GetObject BucketsWork/*/*/audit-*.json',
    's3:GetObject BucketsWork/*/*/inputs.json',
    's3:GetObject BucketsWork/*/*/model-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/fits/group-*.json',
    's3:GetObject BucketsWork/*/*/plan.json',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsWork/*/*/audit-*.json',
    's3:PutObject BucketsWork/*/*/model-*.json',
  ],
  Transform: [
    's3:AbortMultipartUpload BucketsOutput/data/dataset=*/run_id=*/pass-*/part-*.parquet',
    's3:AbortMultipartUpload BucketsWork/*/*/pass-*/summaries/part-*.bin',
    's3:GetObject BucketsInput/*',
    's3:GetObject BucketsOutput/data/dataset=*/run_id=*/pass-*/part-*.parquet',
    's3:GetObject BucketsWork/*/*/model-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/metrics/part-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/receipts/part-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/summaries/part-*.bin',
    's3:ListBucket BucketsInput',
    's3:ListBucket BucketsOutput',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsOutput/data/dataset=*/run_id=*/pass-*/part-*.parquet',
    's3:PutObject BucketsWork/*/*/pass-*/failures/part-*.json',
    's3:PutObject BucketsWork/*/*/pass-*/metrics/part-*.json',
    's3:PutObject BucketsWork/*/*/pass-*/receipts/part-*.json',
    's3:PutObject BucketsWork/*/*/pass-*/summaries/part-*.bin',
  ],
  Reduce: [
    's3:AbortMultipartUpload BucketsWork/*/*/pass-*/reduced/group-*.summary.bin',
    's3:GetObject BucketsWork/*/*/pass-*/failures/part-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/metrics/part-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/receipts/part-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/reduced/group-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/reduced/group-*.summary.bin',
    's3:GetObject BucketsWork/*/*/pass-*/summaries/part-*.bin',
    's3:GetObject BucketsWork/*/*/plan.json',
    's3:GetObject BucketsWork/*/*/plan.jsonl',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsWork/*/*/pass-*/reduced/group-*.json',
    's3:PutObject BucketsWork/*/*/pass-*/reduced/group-*.summary.bin',
  ],
  Commit: [
    'glue:CreatePartition arn:aws:glue:eu-west-1:123456789012:catalog',
    'glue:CreatePartition arn:aws:glue:eu-west-1:123456789012:database/modemap',
    'glue:CreatePartition arn:aws:glue:eu-west-1:123456789012:table/modemap/components',
    'glue:CreatePartition arn:aws:glue:eu-west-1:123456789012:table/modemap/metrics',
    'glue:CreatePartition arn:aws:glue:eu-west-1:123456789012:table/modemap/tasks',
    'glue:CreateTable arn:aws:glue:eu-west-1:123456789012:catalog',
    'glue:CreateTable arn:aws:glue:eu-west-1:123456789012:database/modemap_data',
    'glue:CreateTable arn:aws:glue:eu-west-1:123456789012:table/modemap_data/*',
    'glue:GetTable arn:aws:glue:eu-west-1:123456789012:catalog',
    'glue:GetTable arn:aws:glue:eu-west-1:123456789012:database/modemap_data',
    'glue:GetTable arn:aws:glue:eu-west-1:123456789012:table/modemap_data/*',
    'glue:UpdateTable arn:aws:glue:eu-west-1:123456789012:catalog',
    'glue:UpdateTable arn:aws:glue:eu-west-1:123456789012:database/modemap_data',
    'glue:UpdateTable arn:aws:glue:eu-west-1:123456789012:table/modemap_data/*',
    's3:DeleteObject BucketsOutput/data/dataset=*/run_id=*/pass-*/part-*.parquet',
    's3:GetObject BucketsOutput/components/dataset=*/run_id=*/components.parquet',
    's3:GetObject BucketsOutput/current/dataset=*/*.json',
    's3:GetObject BucketsOutput/data/dataset=*/run_id=*/pass-*/part-*.parquet',
    's3:GetObject BucketsOutput/metrics/dataset=*/run_id=*/group-*.parquet',
    's3:GetObject BucketsOutput/models/dataset=*/run_id=*/model.json',
    's3:GetObject BucketsOutput/runs/dataset=*/*.json',
    's3:GetObject BucketsOutput/tasks/dataset=*/run_id=*/group-*.parquet',
    's3:GetObject BucketsWork/*/*/audit-*.json',
    's3:GetObject BucketsWork/*/*/inputs.json',
    's3:GetObject BucketsWork/*/*/model-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/reduced/group-*.json',
    's3:GetObject BucketsWork/*/*/plan.json',
    's3:GetObject BucketsWork/*/*/plan.jsonl',
    's3:GetObject BucketsWork/*/listings/*-*.json',
    's3:ListBucket BucketsOutput',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsOutput/components/dataset=*/run_id=*/components.parquet',
    's3:PutObject BucketsOutput/current/dataset=*/*.json',
    's3:PutObject BucketsOutput/metrics/dataset=*/run_id=*/group-*.parquet',
    's3:PutObject BucketsOutput/models/dataset=*/run_id=*/model.json',
    's3:PutObject BucketsOutput/runs/dataset=*/*.json',
    's3:PutObject BucketsOutput/tasks/dataset=*/run_id=*/group-*.parquet',
  ],
  Failed: [
    's3:DeleteObject BucketsWork/*/*/failure.json',
    's3:GetObject BucketsInput/*_SUCCESS',
    's3:GetObject BucketsWork/*/*/failure.json',
    's3:GetObject BucketsWork/*/*/inputs.json',
    's3:GetObject BucketsWork/*/*/model-*.json',
    's3:GetObject BucketsWork/*/*/pass-*/failures/part-*.json',
    's3:GetObject BucketsWork/*/*/plan.jsonl',
    's3:ListBucket BucketsInput',
    's3:ListBucket BucketsWork',
    's3:PutObject BucketsWork/*/*/failure.json',
    'sns:Publish NoticeTopic',
    'sqs:SendMessage NoticeUntold',
  ],
};

describe('least privilege', () => {
  it.each(Object.keys(expected))('the %s function may do exactly this', (stage) => {
    expect(rightsOf(`Stages${stage}Role`)).toEqual([...expected[stage], ...ofEveryFunction(stage)].sort());
  });

  it('the state machine may do exactly this', () => {
    expect(rightsOf('RunRole')).toEqual([
      'lambda:InvokeFunction StagesCollectFunction:*',
      'lambda:InvokeFunction StagesCommitFunction:*',
      'lambda:InvokeFunction StagesFitFunction:*',
      'lambda:InvokeFunction StagesPlanFunction:*',
      'lambda:InvokeFunction StagesReduceFunction:*',
      'lambda:InvokeFunction StagesTransformFunction:*',
      'logs:CreateLogDelivery *',
      'logs:DeleteLogDelivery *',
      'logs:DescribeLogGroups *',
      'logs:DescribeResourcePolicies *',
      'logs:GetLogDelivery *',
      'logs:ListLogDeliveries *',
      'logs:PutResourcePolicy *',
      'logs:UpdateLogDelivery *',
      's3:AbortMultipartUpload BucketsWork/*/*/map-results/*',
      's3:GetObject BucketsWork/*/*/groups.jsonl',
      's3:GetObject BucketsWork/*/*/map-results/*',
      's3:GetObject BucketsWork/*/*/plan.jsonl',
      's3:ListMultipartUploadParts BucketsWork/*/*/map-results/*',
      's3:PutObject BucketsWork/*/*/map-results/*',
      `states:DescribeExecution ${execution}:*`,
      `states:RedriveExecution ${execution}/reduce:*`,
      `states:RedriveExecution ${execution}/transform:*`,
      'states:StartExecution arn:aws:states:eu-west-1:123456789012:stateMachine:modemap',
      `states:StopExecution ${execution}:*`,
      'xray:GetSamplingRules *',
      'xray:GetSamplingTargets *',
      'xray:PutTelemetryRecords *',
      'xray:PutTraceSegments *',
    ]);
  });

  it('no role is missing above, and none is open to more than its own service', () => {
    expect(roles.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(
      [...Object.keys(expected).map((stage) => `Stages${stage}Role`), 'RunRole'].sort(),
    );
    for (const [id, { Properties }] of roles) {
      const { Statement } = Properties.AssumeRolePolicyDocument as { Statement: object[] };
      const service = id.startsWith('RunRole') ? 'states.amazonaws.com' : 'lambda.amazonaws.com';
      expect(Statement).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: service } }]);
    }
  });

  it('everything a role may do stands in the role: no managed policy, no policy attached from elsewhere', () => {
    for (const [, role] of roles) {
      expect(role.Properties.ManagedPolicyArns).toBeUndefined();
      for (const { Effect } of statementsOf(role)) expect(Effect).toBe('Allow');
    }
    expect(template.findResources('AWS::IAM::Policy')).toEqual({});
    expect(template.findResources('AWS::IAM::ManagedPolicy')).toEqual({});
  });

  it('the one resource policy of a function lets the rule of failed runs call it', () => {
    const permissions = Object.values(resourcesOf(template, 'AWS::Lambda::Permission'));
    expect(permissions.map(({ Properties }) => resolveTemplate(Properties))).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'StagesFailedFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: 'NoticeRunFailed',
      },
    ]);
  });
});
