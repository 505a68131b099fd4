import { PublishCommand, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { StoreRefusedError, StoreUnavailableError } from '../../shared/contract/errors.ts';
import type { NotificationPort } from '../../shared/contract/failure.ts';
import { isTransient, nameOf } from './s3-errors.ts';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: printable ASCII, less than 100 characters */
const SUBJECT_CHARACTERS = 99;
/** 256 KiB, less the subject and the attributes that SNS adds */
const TEXT_BYTES = 250_000;

/** An SNS topic as the place where people are told. */
export class SnsNotifications implements NotificationPort {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(topicArn: string, overrides: SNSClientConfig = {}) {
    this.#client = new SNSClient(overrides);
    this.#topicArn = topicArn;
  }

  /**
   * @throws {StoreUnavailableError} if SNS did not answer or asks to slow down
   * @throws {StoreRefusedError} if the topic does not exist or may not be published to
   */
  async publish(subject: string, text: string): Promise<void> {
    const command = new PublishCommand({
      TopicArn: this.#topicArn,
      Subject: subject.replace(/[^ -~]/g, '?').slice(0, SUBJECT_CHARACTERS),
      Message: Buffer.from(text).subarray(0, TEXT_BYTES).toString(),
    });
    try {
      await this.#client.send(command);
    } catch (cause) {
      const message = `${this.#topicArn} cannot be published to: ${nameOf(cause)}: ${(cause as Error).message}`;
      throw isTransient(cause)
        ? new StoreUnavailableError(message, { cause })
        : new StoreRefusedError(message, { cause });
    }
  }
}
