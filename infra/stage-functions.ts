import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Stage, StageVariables } from '../shared/contract/environment.ts';
import type { Catalog } from './catalog.ts';
import type { Context } from './context.ts';
import type { Permission } from './permission.ts';
import { StageFunction } from './stage-function.ts';
import { type Buckets, stagePermissions } from './stage-permissions.ts';

/** The stages that the state machine invokes. */
export type RunStage = Exclude<Stage, 'start' | 'failed'>;
export type RunFunctions = { [S in RunStage]: StageFunction<S> };

/** Lambda's own limit: a partition that needs longer is cut smaller, not given more time. */
const WORK_TIMEOUT = Duration.minutes(15);
/** Listing 100,000 objects takes 100 requests one after another. */
export const LIST_TIMEOUT = Duration.minutes(5);
/** Start and failed hold lists, not data. */
const LIST_MEMORY_MB = 512;

export interface StageFunctionsProps {
  context: Context;
  buckets: Buckets;
  /** the folder that holds a bundle a stage */
  bundles: string;
}

/** Makes the function of any stage: memory, time-out and rights on objects follow from the stage. */
export class StageFunctions extends Construct {
  readonly #props: StageFunctionsProps;
  readonly #objects: Record<Stage, Permission[]>;

  constructor(scope: Construct, id: string, props: StageFunctionsProps) {
    super(scope, id);
    this.#props = props;
    this.#objects = stagePermissions(props.buckets);
  }

  /** The functions of the state machine. */
  ofRun(catalog: Catalog): RunFunctions {
    const { buckets, context } = this.#props;
    const input = { INPUT_BUCKET: buckets.input.bucketName };
    const work = { WORK_BUCKET: buckets.work.bucketName };
    const output = { OUTPUT_BUCKET: buckets.output.bucketName };
    const databases = { RESULTS_DATABASE: catalog.results, DATA_DATABASE: catalog.data };
    return {
      plan: this.make('plan', { ...input, ...work, MAX_CONCURRENCY: String(context.concurrency) }),
      fit: this.make('fit', { ...input, ...work }),
      collect: this.make('collect', work),
      transform: this.make('transform', { ...input, ...work, ...output }),
      reduce: this.make('reduce', work),
      commit: this.make('commit', { ...work, ...output, ...databases }, catalog.ofCommit),
    };
  }

  /**
   * One stage's function.
   *
   * @param permissions beyond its rights on objects
   */
  make<S extends Stage>(
    stage: S,
    environment: Omit<StageVariables<S>, 'POWERTOOLS_SERVICE_NAME'>,
    permissions: Permission[] = [],
  ): StageFunction<S> {
    const { context, bundles } = this.#props;
    const lists = stage === 'start' || stage === 'failed';
    const name = stage.charAt(0).toUpperCase() + stage.slice(1);
    return new StageFunction(this, name, {
      stage,
      bundles,
      memoryMb: lists ? LIST_MEMORY_MB : context.memoryMb,
      timeout: lists ? LIST_TIMEOUT : WORK_TIMEOUT,
      logDays: context.logDays,
      environment: { ...environment, POWERTOOLS_SERVICE_NAME: Stack.of(this).stackName } as StageVariables<S>,
      permissions: [...this.#objects[stage], ...permissions],
    });
  }
}
