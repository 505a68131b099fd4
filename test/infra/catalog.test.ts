import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { makeStack, resolvedResources } from './synthesized.ts';

const template = Template.fromStack(makeStack().stack);
const resources = (type: string) => Object.values(resolvedResources(template, type));

describe('the catalog of a deployment', () => {
  it('has a database of its own tables and one of a table a dataset', () => {
    const names = resources('AWS::Glue::Database').map(({ DatabaseInput }) => (DatabaseInput as { Name: string }).Name);
    expect(names).toEqual(['modemap', 'modemap_data']);
    const tables = resources('AWS::Glue::Table').map(({ DatabaseName, TableInput }) => {
      const { Name, PartitionKeys, StorageDescriptor } = TableInput as {
        Name: string;
        PartitionKeys: { Name: string }[];
        StorageDescriptor: { Location: string };
      };
      return [DatabaseName, Name, StorageDescriptor.Location, ...PartitionKeys.map((key) => key.Name)];
    });
    expect(tables).toEqual([
      ['modemap', 'metrics', 's3://BucketsOutput/metrics/', 'dataset', 'run_id'],
      ['modemap', 'tasks', 's3://BucketsOutput/tasks/', 'dataset', 'run_id'],
      ['modemap', 'components', 's3://BucketsOutput/components/', 'dataset', 'run_id'],
      ['modemap', 'runs', 's3://BucketsOutput/runs/'],
    ]);
  });

  it('is another one for another deployment in the account', () => {
    const other = Template.fromStack(makeStack({ 'modemap:name': 'my-second' }).stack);
    const names = Object.values(resolvedResources(other, 'AWS::Glue::Database')).map(
      ({ DatabaseInput }) => (DatabaseInput as { Name: string }).Name,
    );
    expect(names).toEqual(['my_second', 'my_second_data']);
  });
});

describe('the workgroup', () => {
  it('encrypts its answers, lets nobody set that aside, and stops a query that scans too much', () => {
    const [{ WorkGroupConfiguration, ...workgroup }] = resources('AWS::Athena::WorkGroup');
    expect(workgroup).toMatchObject({ Name: 'modemap', RecursiveDeleteOption: true });
    expect(WorkGroupConfiguration).toEqual({
      BytesScannedCutoffPerQuery: 100e9,
      EnforceWorkGroupConfiguration: true,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      PublishCloudWatchMetricsEnabled: true,
      ResultConfiguration: {
        EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
        OutputLocation: 's3://BucketsWork/athena-results/',
      },
    });
  });

  it('has queries to begin with, described, over the database of results', () => {
    const queries = resources('AWS::Athena::NamedQuery');
    expect(queries.map(({ Name }) => Name)).toEqual([
      'components',
      'cost-of-runs',
      'drift-between-partitions',
      'drift-between-runs',
      'error-by-column',
      'slowest-tasks',
      'unexplained-rows',
      'worst-partitions',
    ]);
    for (const { Database, WorkGroup, Description, QueryString } of queries) {
      expect([Database, WorkGroup]).toEqual(['modemap', 'modemap']);
      expect(Description).toMatch(/^[A-Z][^\n]+\.$/);
      expect(QueryString).not.toContain('{{');
    }
  });
});
