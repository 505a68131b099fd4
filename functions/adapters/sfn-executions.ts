import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { runOfExecution } from '../../shared/contract/execution-name.ts';
import { nameOf } from './s3-errors.ts';

/** The executions of one state machine, by name. */
export class SfnExecutions {
  readonly #stateMachineArn: string;
  readonly #client: SFNClient;

  constructor(stateMachineArn: string, client: SFNClient = new SFNClient()) {
    this.#stateMachineArn = stateMachineArn;
    this.#client = client;
  }

  /** The ARN of an execution differs from its state machine's in two fields. */
  arnOf(name: string): string {
    const fields = this.#stateMachineArn.split(':');
    fields[5] = 'execution';
    return [...fields, name].join(':');
  }

  /** Undefined where there is none of that name. */
  async describe(name: string): Promise<{ status: ExecutionStatus; stopped: number | undefined } | undefined> {
    const command = new DescribeExecutionCommand({ executionArn: this.arnOf(name) });
    try {
      const { status, stopDate } = await this.#client.send(command);
      if (!status) throw new TypeError(`execution ${name} must have a status, got none`);
      return { status, stopped: stopDate?.getTime() };
    } catch (error) {
      if (nameOf(error) === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  }

  /**
   * Start an execution. Where one of that name runs with the same input, AWS answers with it, others say that the name
   * is taken; where it has ended or has another input, all say so.
   *
   * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   */
  async start(name: string, input: string): Promise<'started' | 'exists'> {
    const command = new StartExecutionCommand({ stateMachineArn: this.#stateMachineArn, name, input });
    try {
      await this.#client.send(command);
      return 'started';
    } catch (error) {
      if (nameOf(error) === 'ExecutionAlreadyExists') return 'exists';
      throw error;
    }
  }

  /** Ids of the runs of a dataset that have an execution which may still write. */
  async underWay(datasetId: string): Promise<string[]> {
    const runIds = new Set<string>();
    for (const statusFilter of ['RUNNING', 'PENDING_REDRIVE'] as const) {
      const request = { stateMachineArn: this.#stateMachineArn, statusFilter };
      for await (const { executions = [] } of paginateListExecutions({ client: this.#client }, request)) {
        const runs = executions.map(({ name = '' }) => runOfExecution(name));
        for (const run of runs) if (run?.datasetId === datasetId) runIds.add(run.runId);
      }
    }
    return [...runIds];
  }
}
