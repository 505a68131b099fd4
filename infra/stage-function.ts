import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing, type Version } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage, StageVariables } from '../shared/contract/environment.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { acknowledgeCheckov } from './acknowledge.ts';
import { closedRole, type Permission, traces } from './permission.ts';

export interface StageFunctionProps<S extends Stage> {
  stage: S;
  /** the folder that holds a bundle a stage, each a folder with `index.mjs` */
  bundles: string;
  memoryMb: number;
  timeout: Duration;
  /** log lines expire after this */
  logDays: number;
  /** exactly what the handler reads */
  environment: StageVariables<S>;
  permissions: Permission[];
}

/** A stage as a function: every default of ours, its own log group, a role that may do what is listed and no more. */
export class StageFunction<S extends Stage> extends Construct {
  readonly stage: S;
  readonly timeout: Duration;
  readonly memoryMb: number;
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: StageFunctionProps<S>) {
    super(scope, id);
    this.stage = props.stage;
    this.timeout = props.timeout;
    this.memoryMb = props.memoryMb;
    const logGroup = new LogGroup(this, 'Logs', { retention: props.logDays, removalPolicy: RemovalPolicy.DESTROY });
    const ownLog: Permission = {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    };
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: `${Stack.of(this).stackName}-${props.stage}`,
      description: `modemap: the ${props.stage} stage`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(bundleOf(props)),
      handler: 'index.handler',
      memorySize: props.memoryMb,
      timeout: props.timeout,
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role: closedRole(this, 'Role', 'lambda.amazonaws.com', [ownLog, traces, ...props.permissions]),
      logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    acknowledgeCheckov(logGroup, {
      CKV_AWS_158: 'CloudWatch encrypts logs by itself; they hold no cell values, a key of our own would guard nothing',
      CKV_AWS_338: 'how long log lines are kept is a context value',
    });
    acknowledgeCheckov(this.lambda, {
      CKV_AWS_115:
        'concurrency is bounded by the map and the queue; a reserve would take it from others in the account',
      CKV_AWS_116: 'the caller waits or the queue redelivers; the one asynchronous function has a failure destination',
      CKV_AWS_117: 'it talks to AWS services alone, over TLS; a VPC would add addresses and endpoints, no protection',
      CKV_AWS_173: 'the variables are names and limits, none is secret',
    });
  }

  /** The code and settings of this deployment, kept for ever: a run goes on with what it began with. */
  get version(): Version {
    return this.lambda.currentVersion;
  }
}

function bundleOf({ bundles, stage }: { bundles: string; stage: Stage }): string {
  const folder = join(bundles, stage);
  if (existsSync(join(folder, 'index.mjs'))) return folder;
  throw new ConfigurationError(`${folder} must hold the bundled ${stage} handler, run npm run build first`);
}
