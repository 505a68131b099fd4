import aslValidator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { allStates, resolvedStateMachine, type State } from './resolved-definition.ts';

const { definition, properties } = resolvedStateMachine();
const states = allStates(definition);
const tasks = states.filter(([, { Type }]) => Type === 'Task');
const { Transform, Reduce, Fit, Audit } = definition.States;

const followers = ({ Next, Default, Choices = [] }: State) => [
  ...new Set([Next, Default, ...Choices.map((choice) => choice.Next)].filter((name) => name !== undefined)),
];

describe('the state machine of a run', () => {
  it('is a STANDARD one, traced, that logs every event and no data', () => {
    expect(properties).toMatchObject({
      StateMachineName: 'modemap',
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
    });
  });

  it('goes plan, fit, collect, transform, reduce, looks back, perhaps once more, and commits', () => {
    expect(definition.StartAt).toBe('Committed before?');
    expect(
      Object.fromEntries(Object.entries(definition.States).map(([name, state]) => [name, followers(state)])),
    ).toEqual({
      'Committed before?': ['Plan', 'Commit'],
      Plan: ['Fit'],
      Fit: ['Collect'],
      Collect: ['Transform'],
      Transform: ['Reduce'],
      Reduce: ['Look back?'],
      'Look back?': ['Commit', 'Audit'],
      Audit: ['Collect audit'],
      'Collect audit': ['Sample misled?'],
      'Sample misled?': ['Commit', 'Transform'],
      Commit: ['Committed'],
      Committed: [],
    });
  });

  it('sends a run that is committed straight to commit, looks back after pass 0 only, and repeats only where asked', () => {
    expect(definition.States['Committed before?'].Choices).toEqual([
      { Variable: '$.committed', BooleanEquals: true, Next: 'Commit' },
    ]);
    expect(definition.States['Look back?'].Choices).toEqual([
      {
        And: [
          { Variable: '$.sweep.pass', NumericEquals: 0 },
          { Variable: '$.looksBack', BooleanEquals: true },
        ],
        Next: 'Audit',
      },
    ]);
    expect(definition.States['Sample misled?'].Choices).toEqual([
      { Variable: '$.sweep.again', BooleanEquals: true, Next: 'Transform' },
    ]);
  });

  it('catches nothing, so that every failed run can be redriven', () => {
    expect(JSON.stringify(definition)).not.toContain('"Catch"');
  });

  it.each(tasks)('%s tries again what may pass, with full jitter, and nothing permanent', (_, { Retry }) => {
    const jitter = { BackoffRate: 2, MaxDelaySeconds: 60, JitterStrategy: 'FULL' };
    expect(Retry).toEqual([
      { ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 1, MaxAttempts: 60, ...jitter },
      {
        ErrorEquals: [
          'Lambda.ServiceException',
          'Lambda.AWSLambdaException',
          'Lambda.SdkClientException',
          'Lambda.ClientExecutionTimeoutException',
          'Lambda.ResourceNotReadyException',
          'StoreUnavailableError',
        ],
        IntervalSeconds: 2,
        MaxAttempts: 6,
        ...jitter,
      },
      {
        ErrorEquals: ['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout', 'States.Timeout'],
        IntervalSeconds: 2,
        MaxAttempts: 2,
        ...jitter,
      },
    ]);
  });

  it.each(tasks)('%s waits 30 s longer than its function may take, and calls a version', (_, task) => {
    expect(task).toMatchObject({ Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 15 * 60 + 30 });
    expect((task.Parameters as { FunctionName: string }).FunctionName).toMatch(/^Stages\w+FunctionCurrentVersion\w+$/);
  });

  it('reads the items of its maps from JSON lines in the work bucket and leaves results there, none in its state', () => {
    const map = (key: string) => ({
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket: 'BucketsWork', 'Key.$': key },
      },
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters: { Bucket: 'BucketsWork', 'Prefix.$': '$.keys.mapResults' },
        WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSONL' },
      },
      ResultPath: null,
      MaxConcurrencyPath: '$.maxConcurrency',
    });
    expect(Transform).toMatchObject({ ...map('$.keys.plan'), Label: 'transform' });
    expect(Reduce).toMatchObject({ ...map('$.keys.groups'), Label: 'reduce' });
    for (const { ItemProcessor } of [Transform, Reduce]) {
      expect(ItemProcessor?.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    }
  });

  it('tolerates as many failed partitions as the plan says, and no failed reduce', () => {
    const tolerance = ({ Label, ...state }: State) =>
      Object.entries(state).filter(([field]) => field.startsWith('Tolerated'));
    expect(tolerance(Transform)).toEqual([['ToleratedFailureCountPath', '$.toleratedFailureCount']]);
    expect(tolerance(Reduce)).toEqual([]);
  });

  it('hands every item over with its run and pass, as paths and not as text', () => {
    const run = { 'dataset.$': '$.dataset', 'datasetId.$': '$.datasetId', 'runId.$': '$.runId' };
    const item = '$$.Map.Item.Value';
    expect(Transform.ItemSelector).toEqual({ ...run, 'pass.$': '$.sweep.pass', 'partition.$': item });
    expect(Reduce.ItemSelector).toEqual({ ...run, 'pass.$': '$.sweep.pass', 'group.$': item });
    expect(Fit.ItemSelector).toEqual({ ...run, pass: 0, 'group.$': item });
    expect(Audit.ItemSelector).toEqual({ ...run, pass: 1, 'group.$': item });
  });

  it('holds no path that was rendered as text', () => {
    const literals: string[] = [];
    const visit = (value: unknown, key: string) => {
      if (typeof value === 'string' && value.startsWith('$') && !/(\.\$|Path|Variable)$/.test(key)) literals.push(key);
      else if (typeof value === 'object' && value !== null) {
        for (const [name, item] of Object.entries(value)) visit(item, name);
      }
    };
    visit(definition, '');
    expect(literals).toEqual([]);
  });

  it('fits column groups in an inline map whose results are dropped', () => {
    for (const state of [Fit, Audit]) {
      expect(state).toMatchObject({
        Type: 'Map',
        ItemsPath: '$.fitGroups',
        MaxConcurrency: 40,
        ResultPath: null,
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' } },
      });
    }
  });

  it('is a definition in the Amazon States Language', () => {
    expect(aslValidator(definition)).toMatchObject({ isValid: true, errors: [] });
  });

  it('would not pass for one with a state that leads nowhere or a field that does not exist', () => {
    const broken = structuredClone(definition);
    broken.States.Plan.Next = 'Nowhere';
    expect(aslValidator(broken).isValid).toBe(false);
    const unknown = structuredClone(definition);
    unknown.States.Transform.ItemFinder = {};
    expect(aslValidator(unknown).isValid).toBe(false);
  });
});
