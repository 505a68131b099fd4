import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { workKeys } from '../../shared/contract/keys.ts';
import { acknowledgeCheckov } from '../acknowledge.ts';
import { closedRole, objects, type Permission, reads, traces } from '../permission.ts';
import type { RunFunctions } from '../stage-functions.ts';
import { MAP_LABELS, runDefinition } from './definition.ts';

export interface RunStateMachineProps {
  functions: RunFunctions;
  work: IBucket;
  logDays: number;
}

/** The state machine of a run, with the role that lets it do what its states say. */
export class RunStateMachine extends Construct {
  readonly arn: string;
  /** of its executions, children of its maps not included */
  readonly executionArns: string;

  constructor(scope: Construct, id: string, { functions, work, logDays }: RunStateMachineProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const name = stack.stackName;
    const arnOf = (resource: string, resourceName: string) =>
      stack.formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    this.executionArns = arnOf('execution', `${name}:*`);

    const logGroup = new LogGroup(this, 'Logs', {
      // names of this form need no growing resource policy for log delivery
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledgeCheckov(logGroup, {
      CKV_AWS_158: 'execution data is not logged, CloudWatch encrypts the rest by itself',
      CKV_AWS_338: 'how long log lines are kept is a context value',
    });
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(runDefinition(this, functions, work)),
      role: closedRole(this, 'Role', 'states.amazonaws.com', [
        invokes(functions),
        ...mapPermissions(work),
        ...childPermissions(arnOf, name),
        logDelivery,
        { ...traces, actions: [...traces.actions, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'] },
      ]),
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
      tracingEnabled: true,
    });
    // what it grants, the role above says itself; it would be attached to no role
    machine.node.tryRemoveChild('DistributedMapPolicy');
    this.arn = machine.stateMachineArn;
  }
}

/** Every version: a redrive invokes the versions that its execution began with. */
const invokes = (functions: RunFunctions): Permission => ({
  actions: ['lambda:InvokeFunction'],
  resources: Object.values(functions).map(({ lambda }) => `${lambda.functionArn}:*`),
  wildcard: 'a run that is redriven after a deployment invokes the version it began with',
});

/** The maps read their items and leave what their children said. */
function mapPermissions(work: IBucket): Permission[] {
  const anyRun = { datasetId: '*', runId: '*' };
  return [
    reads(work, workKeys.plan(anyRun), workKeys.groups(anyRun)),
    objects(
      work,
      ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
      [`${workKeys.mapResults(anyRun)}/*`],
    ),
  ];
}

/**
 * Distributed maps start, watch, stop and redrive child executions of their own state machine.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
 */
function childPermissions(arnOf: (resource: string, name: string) => string, name: string): Permission[] {
  const wildcard = 'Step Functions names the child executions itself';
  return [
    { actions: ['states:StartExecution'], resources: [arnOf('stateMachine', name)] },
    {
      actions: ['states:DescribeExecution', 'states:StopExecution'],
      resources: [arnOf('execution', `${name}:*`)],
      wildcard,
    },
    {
      actions: ['states:RedriveExecution'],
      resources: MAP_LABELS.map((label) => arnOf('execution', `${name}/${label}:*`)),
      wildcard,
    },
  ];
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const logDelivery: Permission = {
  actions: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  resources: ['*'],
  wildcard: 'log delivery knows no resource-level permissions',
};
