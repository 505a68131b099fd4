import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SFNClient } from '@aws-sdk/client-sfn';
import { GlueCatalog } from '../functions/adapters/glue-catalog.ts';
import { NO_CATALOG } from '../functions/adapters/no-catalog.ts';
import { makeS3Client } from '../functions/adapters/s3-client.ts';
import { S3Eraser } from '../functions/adapters/s3-eraser.ts';
import { S3Store } from '../functions/adapters/s3-store.ts';
import { SfnExecutions } from '../functions/adapters/sfn-executions.ts';
import { storedCurrentRuns } from '../functions/current-runs.ts';
import { catalogEntries } from '../functions/housekeeping/catalog-entries.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { DEFAULT_STACK_NAME } from '../shared/contract/stack-outputs.ts';
import { type DeployedStack, findStack, findStackIfThere } from './cloud/find-stack.ts';
import type { Access, CloudFlags, OpenHouse } from './open-house.ts';

/**
 * Open the output bucket of a deployment. For more than its records three things more must be known, by the stack's
 * outputs or by flags: the work bucket, which holds values too, the state machine, which says what is under way, and the
 * catalog, where the stack has one.
 */
export async function openS3House(place: string, flags: CloudFlags, access: Access): Promise<OpenHouse> {
  const output = bucketOf('the output', place);
  // the SDK's word to developers on versions of Node that it will drop is not for those who run a command
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const client = makeS3Client();
  await client.config.region().catch((cause: Error) => {
    throw new ConfigurationError(`the AWS Region must be configured, for instance in AWS_REGION: ${cause.message}`, {
      cause,
    });
  });
  const stack = access === 'records' ? undefined : await stackOf(output, flags.stack);
  const work = flags.work === undefined ? stack?.workBucket : bucketOf('--work', flags.work);
  const stateMachine = flags.stateMachine ?? stack?.stateMachineArn;
  if (access !== 'records') {
    requireFlag('--work s3://BUCKET', work, place);
    requireFlag('--state-machine ARN', stateMachine, place);
  }
  const sfn = new SFNClient();
  // whoever reads records never looks at the work of runs
  const rooms = { output: { client, bucket: output }, work: { client, bucket: work ?? output } };
  const store = new S3Store(rooms.output);
  const executions = new SfnExecutions(stateMachine ?? '', sfn);
  const currents = storedCurrentRuns(store);
  return {
    name: place,
    keepsVersions: true,
    house: {
      work: new S3Store(rooms.work),
      output: store,
      erasers: { work: new S3Eraser(rooms.work), output: new S3Eraser(rooms.output) },
      currents,
      catalog: stack?.catalog ? catalogEntries(store, currents, glueCatalogOf(stack.catalog, output)) : NO_CATALOG,
      underWay: (datasetId) => executions.underWay(datasetId),
    },
    close: async () => {
      client.destroy();
      sfn.destroy();
    },
  };
}

/** The stack that the output bucket belongs to; a bucket may have lost its own. */
async function stackOf(output: string, name: string | undefined): Promise<DeployedStack | undefined> {
  const client = new CloudFormationClient();
  const stack = name
    ? await findStack(client, name)
    : await findStackIfThere(client, DEFAULT_STACK_NAME).finally(() => client.destroy());
  if (stack?.outputBucket === output) return stack;
  if (!name) return undefined;
  throw new ConfigurationError(
    `--stack must be the one of the output ${output}, ${name} writes to ${stack?.outputBucket}`,
  );
}

function glueCatalogOf(catalog: NonNullable<DeployedStack['catalog']>, output: string): GlueCatalog {
  return new GlueCatalog({ results: catalog.resultsDatabase, data: catalog.dataDatabase, output: `s3://${output}/` });
}

function bucketOf(what: string, url: string): string {
  const [, bucket] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(url) ?? [];
  if (bucket === undefined) throw new ConfigurationError(`${what} must be a bucket as s3://BUCKET, got ${url}`);
  return bucket;
}

function requireFlag(flag: string, value: string | undefined, place: string): void {
  if (value !== undefined && value !== '') return;
  throw new ConfigurationError(
    `${flag} must be given with ${place}, or --stack NAME, which knows it: no stack ${DEFAULT_STACK_NAME} that writes there was found`,
  );
}
