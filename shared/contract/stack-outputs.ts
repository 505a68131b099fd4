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
