import { SFNClient } from '@aws-sdk/client-sfn';
import { NO_CATALOG } from '../functions/adapters/no-catalog.ts';
import { makeS3Client } from '../functions/adapters/s3-client.ts';
import { S3Eraser } from '../functions/adapters/s3-eraser.ts';
import { S3Store } from '../functions/adapters/s3-store.ts';
import { SfnExecutions } from '../functions/adapters/sfn-executions.ts';
import { storedCurrentRuns } from '../functions/current-runs.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import type { Access, CloudFlags, OpenHouse } from './open-house.ts';

/**
 * Open the output bucket of a deployment. For more than its records the work bucket must be known, which holds values too, and the state
 * machine, which says what is under way.
 */
export async function openS3House(place: string, flags: CloudFlags, access: Access): Promise<OpenHouse> {
  const output = bucketOf('the output', place);
  const work = flags.work === undefined ? undefined : bucketOf('--work', flags.work);
  if (access !== 'records') {
    requireFlag('--work s3://BUCKET', work, place);
    requireFlag('--state-machine ARN', flags.stateMachine, place);
  }
  // the SDK's word to developers on versions of Node that it will drop is not for those who run a command
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const client = makeS3Client();
  await client.config.region().catch((cause: Error) => {
    throw new ConfigurationError(`the AWS Region must be configured, for instance in AWS_REGION: ${cause.message}`, {
      cause,
    });
  });
  const sfn = new SFNClient();
  // whoever reads records never looks at the work of runs
  const rooms = { output: { client, bucket: output }, work: { client, bucket: work ?? output } };
  const store = new S3Store(rooms.output);
  const executions = new SfnExecutions(flags.stateMachine ?? '', sfn);
  return {
    name: place,
    keepsVersions: true,
    house: {
      work: new S3Store(rooms.work),
      output: store,
      erasers: { work: new S3Eraser(rooms.work), output: new S3Eraser(rooms.output) },
      currents: storedCurrentRuns(store),
      catalog: NO_CATALOG,
      underWay: (datasetId) => executions.underWay(datasetId),
    },
    close: async () => {
      client.destroy();
      sfn.destroy();
    },
  };
}

function bucketOf(what: string, url: string): string {
  const [, bucket] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(url) ?? [];
  if (bucket === undefined) throw new ConfigurationError(`${what} must be a bucket as s3://BUCKET, got ${url}`);
  return bucket;
}

function requireFlag(flag: string, value: string | undefined, place: string): void {
  if (value !== undefined && value !== '') return;
  throw new ConfigurationError(
    `${flag} must be given with ${place}: the deployment printed it (aws cloudformation describe-stacks shows it again)`,
  );
}
