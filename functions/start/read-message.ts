import * as z from 'zod';
import { datasetOfKey } from './dataset-of-key.ts';
import type { Wait } from './settle.ts';

const milliseconds = z.int().min(0);

const waitSchema = z.strictObject({
  dataset: z.string().min(1),
  lastEvent: milliseconds,
  firstSeen: milliseconds,
  seen: z.strictObject({ digest: z.string(), at: milliseconds }).optional(),
  /** the marker asked for the run: nothing is to be waited for but what kept it from being started */
  marker: z.boolean().optional(),
});
/** The message that start sends to itself. */
export type WaitMessage = z.infer<typeof waitSchema>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const eventSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  time: z.string().transform((text, context) => {
    const time = Date.parse(text);
    if (Number.isNaN(time)) context.addIssue(`must be a time, got ${JSON.stringify(text)}`);
    return time;
  }),
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});

/** What a message asks for. */
export type Request =
  | { dataset: string; is: 'event'; time: number }
  /** a marker was written, or a run that a marker asked for has to be looked at again */
  | { dataset: string; is: 'marker'; time: number }
  | { dataset: string; is: 'wait'; wait: Wait };

/**
 * Read the body of a message: an S3 event as EventBridge sends it, or a message of our own. Undefined: nothing to do
 * (a hidden object, a deletion, another bucket).
 *
 * EventBridge gives keys as they are; only S3's own notifications encode them.
 *
 * @throws {TypeError} if it is neither
 */
export function readMessage(body: string, inputBucket: string): Request | undefined {
  const document = parse(body);
  const own = waitSchema.safeParse(document);
  if (own.success) {
    const { dataset, marker, ...wait } = own.data;
    return marker ? { dataset, is: 'marker', time: wait.lastEvent } : { dataset, is: 'wait', wait };
  }
  const event = eventSchema.safeParse(document);
  if (!event.success) {
    const [{ path, message }] = event.error.issues;
    throw new TypeError(
      `a message must be an S3 event or one of ours, got one whose ${path.join('.') || 'root'} is wrong: ${message}`,
    );
  }
  const { time, detail } = event.data;
  if (event.data['detail-type'] !== 'Object Created' || detail.bucket.name !== inputBucket) return undefined;
  const found = datasetOfKey(detail.object.key);
  return found && { dataset: found.dataset, is: found.isMarker ? 'marker' : 'event', time };
}

/** The body of a message of our own; ASCII, because SQS refuses some characters that a name may hold. */
export function writeMessage(message: WaitMessage): string {
  return JSON.stringify(message).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new TypeError(`a message must be JSON: ${(cause as Error).message}`, { cause });
  }
}
