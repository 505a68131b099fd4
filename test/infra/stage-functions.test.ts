import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { environmentOf, environmentSchemas, STAGES, type Stage } from '../../shared/contract/environment.ts';
import { CATALOG_OUTPUTS, STACK_OUTPUTS } from '../../shared/contract/stack-outputs.ts';
import { makeStack, resolvedResources, resourcesOf } from './synthesized.ts';

const template = Template.fromStack(makeStack().stack);
const resolved = (type: string) => resolvedResources(template, type);
const functions = resolved('AWS::Lambda::Function');
const functionOf = (stage: Stage) => functions[`Stages${stage.charAt(0).toUpperCase()}${stage.slice(1)}Function`];

describe('the functions', () => {
  it('are one a stage, on Node 24 and arm64, traced, with a log group that expires', () => {
    expect(Object.keys(functions)).toHaveLength(STAGES.length);
    for (const stage of STAGES) {
      expect(functionOf(stage)).toMatchObject({
        FunctionName: `modemap-${stage}`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
    }
    const logs = Object.values(resolved('AWS::Logs::LogGroup'));
    expect(logs).toHaveLength(STAGES.length + 1);
    for (const { RetentionInDays } of logs) expect(RetentionInDays).toBe(30);
  });

  it('have the memory of the context where they work on data, and Lambda’s longest time-out', () => {
    for (const stage of STAGES) {
      const lists = stage === 'start' || stage === 'failed';
      expect(functionOf(stage)).toMatchObject({ MemorySize: lists ? 512 : 1769, Timeout: lists ? 300 : 900 });
    }
  });

  it.each(STAGES)('%s is told what its handler reads, and no more of ours', (stage) => {
    const { Variables } = functionOf(stage).Environment as { Variables: Record<string, string> };
    expect(() => environmentOf(stage, Variables)).not.toThrow();
    const { NODE_OPTIONS, ...ours } = Variables;
    expect(NODE_OPTIONS).toBe('--enable-source-maps');
    expect(Object.keys(ours).sort()).toEqual(Object.keys(environmentSchemas[stage].shape).sort());
    expect(ours.POWERTOOLS_SERVICE_NAME).toBe('modemap');
  });

  it('of a run are kept as versions that outlive the deployment', () => {
    const versions = Object.values(resourcesOf(template, 'AWS::Lambda::Version'));
    expect(versions).toHaveLength(6);
    for (const version of versions) {
      expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });
});

describe('the stack', () => {
  it('says where everything is', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual(
      Object.values({ ...STACK_OUTPUTS, ...CATALOG_OUTPUTS }).sort(),
    );
  });

  it('needs nothing of the account but what it makes: no parameter but the bootstrap’s, no condition', () => {
    expect(Object.keys(template.findParameters('*'))).toEqual(['BootstrapVersion']);
  });
});
