import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ModemapError, reviveError } from '../../shared/contract/errors.ts';
import { type StartedRun, startedRunSchema } from '../../shared/contract/start-call.ts';
import { askAws } from './aws-errors.ts';

/**
 * Ask the deployed start function for a run of a dataset as it is now.
 *
 * @param functionName the stack's output `StartFunction`
 * @throws {ModemapError} what the function says is wrong with the dataset
 */
export async function startRun(client: LambdaClient, functionName: string, dataset: string): Promise<StartedRun> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ dataset }) });
  const { Payload, FunctionError } = await askAws(`invoking ${functionName}`, () => client.send(command));
  const answer: unknown = JSON.parse(Payload?.transformToString() || 'null');
  if (FunctionError === undefined) return startedRunSchema.parse(answer);
  const { errorType = FunctionError, errorMessage = '' } = answer as { errorType?: string; errorMessage?: string };
  const error = reviveError({ name: errorType, message: errorMessage });
  throw error instanceof ModemapError ? error : new Error(`${functionName} failed: ${errorType}: ${errorMessage}`);
}
