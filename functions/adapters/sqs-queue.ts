import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** An SQS queue as far as somebody writes to it; the SDK repeats what failed for a passing reason. */
export class SqsQueue {
  readonly #url: string;
  readonly #client: SQSClient;

  constructor(url: string, client: SQSClient = new SQSClient()) {
    this.#url = url;
    this.#client = client;
  }

  /** Send a message that nobody sees for `delaySeconds`, 0..900. */
  async sendDelayed(body: string, delaySeconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({ QueueUrl: this.#url, MessageBody: body, DelaySeconds: delaySeconds }),
    );
  }
}
