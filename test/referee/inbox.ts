import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions, type EmulatedAws } from '../support/emulator-process.ts';

export interface Notice {
  subject: string;
  text: string;
}

/** Somebody who subscribed to the topic of failed runs. */
export class Inbox {
  readonly #sqs: SQSClient;
  readonly #queue: string;
  readonly #notices: Notice[] = [];

  private constructor(sqs: SQSClient, queue: string) {
    this.#sqs = sqs;
    this.#queue = queue;
  }

  static async subscribe(aws: EmulatedAws, topicArn: string): Promise<Inbox> {
    const sqs = new SQSClient(clientOptions(aws));
    const sns = new SNSClient(clientOptions(aws));
    const [QueueName] = topicArn.split(':').slice(-1);
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
      ],
    });
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes } = await sqs.send(asked);
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
    sns.destroy();
    return new Inbox(sqs, QueueUrl);
  }

  /** The notice that tells of an execution, or undefined if none comes within seconds. */
  async noticeOf(execution: string): Promise<Notice | undefined> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const found = this.#notices.find(({ text }) => text.includes(execution));
      if (found) return found;
      await this.#receive();
    }
    return undefined;
  }

  close(): void {
    this.#sqs.destroy();
  }

  async #receive(): Promise<void> {
    const command = { QueueUrl: this.#queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand(command));
    for (const { Body = '' } of Messages) {
      const { Subject: subject, Message: text } = JSON.parse(Body);
      this.#notices.push({ subject, text });
    }
  }
}
