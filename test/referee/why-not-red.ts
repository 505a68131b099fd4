import type { Right } from './role-rights.ts';

const RUNTIME = "Lambda's runtime uses it, not the function's code; the emulator's runtime asks for no right";
const MISSING = 'without it AWS answers 403 for a key that is not there, the emulator 404: nothing is listed';
const AGAIN = 'read where a retry meets what an attempt before it has written';
const PARTITION_FAILS = 'only for a partition that fails: the trial has none';
const BY_SERVICE = 'the service uses it on behalf of the function, and the emulator does not ask for it';

/** Rights whose loss changes nothing of a trial: `<stage> <action> <resource>` -> what they are for. */
const NOT_RED: readonly (readonly [RegExp, string])[] = [
  [/^\w+ (logs|xray):/, RUNTIME],
  [/^(plan|fit|collect|transform|reduce) s3:ListBucket /, MISSING],
  [/^start s3:ListBucket work$/, `only for a dataset that never comes to rest; else ${MISSING}`],
  [/^plan s3:GetObject .*\/plan\.json$/, AGAIN],
  [/^collect s3:GetObject .*\/audit-/, AGAIN],
  [/^transform s3:GetObject .*\/(metrics|summaries)\//, AGAIN],
  [/^transform s3:GetObject output\/data\//, AGAIN],
  [/^reduce s3:GetObject .*\/reduced\//, AGAIN],
  [/^commit s3:GetObject output\/(metrics|tasks|models)\//, AGAIN],
  [/^transform s3:PutObject .*\/failures\//, PARTITION_FAILS],
  [/^reduce s3:GetObject .*\/(failures\/|plan\.jsonl?$)/, PARTITION_FAILS],
  [/^(transform|reduce) s3:AbortMultipartUpload /, 'only for a large object that breaks off or is there already'],
  [/^start sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes) /, BY_SERVICE],
  [/^failed sqs:SendMessage /, BY_SERVICE],
  [/^failed s3:DeleteObject /, 'only for a run that fails again after a redrive'],
];

/** Why a trial without a right is green; undefined: it must be red. */
export function whyNotRed({ stage, name }: Right): string | undefined {
  return NOT_RED.find(([pattern]) => pattern.test(`${stage} ${name}`))?.[1];
}
