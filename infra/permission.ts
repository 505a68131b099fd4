import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

/** One statement of a role. */
export interface Permission {
  actions: string[];
  resources: string[];
  /** why a resource has to hold a `*`; without it cdk-nag refuses one */
  wildcard?: string;
}

/** Objects are named by datasets and runs, which a deployment cannot know; everything else in the key is literal. */
const ANY_RUN = 'the names of datasets, runs and files are not known when the stack is deployed';

/** Read, replace nothing, remove: on the objects of one bucket whose keys match. */
export const objects = (bucket: IBucket, actions: string[], patterns: string[]): Permission => ({
  actions,
  resources: patterns.map((pattern) => bucket.arnForObjects(pattern)),
  wildcard: ANY_RUN,
});

export const reads = (bucket: IBucket, ...patterns: string[]) => objects(bucket, ['s3:GetObject'], patterns);
export const writes = (bucket: IBucket, ...patterns: string[]) => objects(bucket, ['s3:PutObject'], patterns);
/** Give up an upload in parts, as a large object has it that is there already. */
export const abandons = (bucket: IBucket, ...patterns: string[]) =>
  objects(bucket, ['s3:AbortMultipartUpload'], patterns);
export const removes = (bucket: IBucket, ...patterns: string[]) => objects(bucket, ['s3:DeleteObject'], patterns);

/**
 * List a bucket; a missing key is then 404 and not 403.
 *
 * Not narrowed by `s3:prefix`: a GET or HEAD has no such key, so a condition on it turns every missing object into 403.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
export const lists = (bucket: IBucket): Permission => ({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] });

/** X-Ray has no resources to name. */
export const traces: Permission = {
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
  wildcard: 'X-Ray knows no resource-level permissions',
};

/**
 * A role with exactly these statements. It is closed: no construct that gets it can add to it, so what is written
 * here is all there is.
 *
 * @param service the service that assumes it
 */
export function closedRole(scope: Construct, id: string, service: string, permissions: Permission[]) {
  const statements = permissions.map(({ actions, resources }) => new PolicyStatement({ actions, resources }));
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(service),
    inlinePolicies: { Exactly: new PolicyDocument({ statements }) },
  });
  for (const { resources, wildcard } of permissions) {
    if (wildcard === undefined) continue;
    for (const resource of resources) acknowledgeWildcard(role, resource, wildcard);
  }
  return role.withoutPolicyUpdates();
}
