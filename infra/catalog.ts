import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { databasesOf, RESULT_TABLES, resultTables } from '../shared/contract/catalog.ts';
import type { Context } from './context.ts';
import { namedQueries } from './named-queries.ts';
import type { Permission } from './permission.ts';
import type { Buckets } from './stage-permissions.ts';

/** Where answers lie in the work bucket; no dataset's id has a hyphen. */
export const ANSWERS_PREFIX = 'athena-results/';
const BYTES_PER_GIGABYTE = 1_000_000_000;

/**
 * What SQL sees: a database of metrics, tasks, components and runs, one that gets a table a dataset, and a workgroup of
 * Athena with queries to begin with. Taking the stack down takes the tables with it; the files they show stay.
 */
export class Catalog extends Construct {
  /** of metrics, tasks, components and runs */
  readonly results: string;
  /** of a table a dataset */
  readonly data: string;
  readonly workgroup: string;

  constructor(scope: Construct, id: string, { context, buckets }: { context: Context; buckets: Buckets }) {
    super(scope, id);
    const catalogId = Stack.of(this).account;
    ({ results: this.results, data: this.data } = databasesOf(context.name));
    const results = new CfnDatabase(this, 'Results', {
      catalogId,
      databaseInput: { name: this.results, description: `modemap: runs of ${context.name}, what they lose and cost` },
    });
    new CfnDatabase(this, 'Data', {
      catalogId,
      databaseInput: { name: this.data, description: `modemap: a table a dataset, showing its current run` },
    });
    for (const table of resultTables(`s3://${buckets.output.bucketName}/`)) {
      // the definition as Glue takes it, from whoever owns it: CfnTable would want the same words in another case
      const resource = new CfnResource(this, capitalized(table.Name), {
        type: 'AWS::Glue::Table',
        properties: { CatalogId: catalogId, DatabaseName: this.results, TableInput: table },
      });
      resource.addResourceDependency(results);
    }
    this.workgroup = context.name;
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroup,
      description: 'modemap: queries of runs and of what they normalized',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        bytesScannedCutoffPerQuery: context.queryGigabytes * BYTES_PER_GIGABYTE,
        enforceWorkGroupConfiguration: true,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        publishCloudWatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: `s3://${buckets.work.bucketName}/${ANSWERS_PREFIX}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const { name, description, sql } of namedQueries(context)) {
      const words = name.split('-').map(capitalized).join('');
      const query = new CfnNamedQuery(this, `Query${words}`, {
        name,
        description,
        database: this.results,
        queryString: sql,
        workGroup: this.workgroup,
      });
      query.addResourceDependency(workgroup);
    }
  }

  /** What commit may do: add partitions to the tables of results, make and replace the tables of datasets. */
  get ofCommit(): Permission[] {
    const arn = (resource: string, resourceName?: string) =>
      Stack.of(this).formatArn({ service: 'glue', resource, resourceName });
    const table = (database: string, name: string) => arn('table', `${database}/${name}`);
    return [
      {
        actions: ['glue:CreatePartition'],
        resources: [
          arn('catalog'),
          arn('database', this.results),
          ...RESULT_TABLES.map((name) => table(this.results, name)),
        ],
      },
      {
        actions: ['glue:GetTable', 'glue:CreateTable', 'glue:UpdateTable'],
        resources: [arn('catalog'), arn('database', this.data), table(this.data, '*')],
        wildcard: 'the names of datasets are not known when the stack is deployed',
      },
    ];
  }
}

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
