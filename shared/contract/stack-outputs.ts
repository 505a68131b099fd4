/** Names of the deployed stack's outputs: how the command and its users find what was deployed. */
export const STACK_OUTPUTS = {
  inputBucket: 'InputBucket',
  workBucket: 'WorkBucket',
  outputBucket: 'OutputBucket',
  stateMachineArn: 'StateMachineArn',
  /** invoked by `modemap run s3://...` */
  startFunction: 'StartFunction',
  /** of failed runs and alarms */
  topicArn: 'TopicArn',
} as const;

/** Outputs of a stack that has the catalog: what SQL is sent through. */
export const CATALOG_OUTPUTS = {
  /** of Athena */
  workgroup: 'Workgroup',
  /** Glue database of metrics, tasks, runs and components */
  resultsDatabase: 'ResultsDatabase',
  /** Glue database of one table a dataset */
  dataDatabase: 'DataDatabase',
} as const;

/** Of the stack, where nothing else is said. */
export const DEFAULT_STACK_NAME = 'modemap';
