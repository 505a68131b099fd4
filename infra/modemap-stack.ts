import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CATALOG_OUTPUTS, STACK_OUTPUTS } from '../shared/contract/stack-outputs.ts';
import { Alarms } from './alarms.ts';
import { Catalog } from './catalog.ts';
import type { Context } from './context.ts';
import { RunDashboard } from './dashboard.ts';
import { DatasetBuckets } from './dataset-buckets.ts';
import { FailureNotice } from './failure-notice.ts';
import { RunStateMachine } from './run/state-machine.ts';
import { StageFunctions } from './stage-functions.ts';
import { StartTrigger } from './start-trigger.ts';

export interface ModemapStackProps extends StackProps {
  context: Context;
  /** the folder that holds a bundle a stage */
  bundles: string;
}

/** Objects dropped into the input bucket -> start -> one run of their dataset -> output bucket; failures -> topic. */
export class ModemapStack extends Stack {
  constructor(scope: Construct, id: string, { context, bundles, ...props }: ModemapStackProps) {
    super(scope, id, { description: 'modemap: mode-specific normalization of Parquet tables', ...props });
    // the CDK names a function's role twice, as property and as dependency
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } };

    const buckets = new DatasetBuckets(this, 'Buckets', context);
    const catalog = new Catalog(this, 'Catalog', { context, buckets });
    const functions = new StageFunctions(this, 'Stages', { context, buckets, bundles });
    const ofRun = functions.ofRun(catalog);
    const machine = new RunStateMachine(this, 'Run', {
      functions: ofRun,
      work: buckets.work,
      logDays: context.logDays,
    });
    const trigger = new StartTrigger(this, 'Trigger', { context, buckets, functions, machine });
    const notice = new FailureNotice(this, 'Notice', { context, buckets, functions, machine });
    const every = [trigger.function, ...Object.values(ofRun), notice.function];
    new RunDashboard(this, 'Dashboard', { functions: every, transform: ofRun.transform });
    new Alarms(this, 'Alarms', {
      topic: notice.topic,
      queue: trigger.queue,
      deadLetters: { Refused: trigger.refused, Undelivered: trigger.undelivered, Untold: notice.untold },
      functions: every,
    });

    this.#tell({
      inputBucket: buckets.input.bucketName,
      workBucket: buckets.work.bucketName,
      outputBucket: buckets.output.bucketName,
      stateMachineArn: machine.arn,
      startFunction: trigger.function.lambda.functionName,
      topicArn: notice.topic.topicArn,
      workgroup: catalog.workgroup,
      resultsDatabase: catalog.results,
      dataDatabase: catalog.data,
    });
  }

  #tell(values: Record<keyof typeof OUTPUTS, string>): void {
    for (const [key, id] of Object.entries(OUTPUTS)) {
      new CfnOutput(this, id, { value: values[key as keyof typeof OUTPUTS] });
    }
  }
}

const OUTPUTS = { ...STACK_OUTPUTS, ...CATALOG_OUTPUTS };
