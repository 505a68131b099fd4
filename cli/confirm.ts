import { createInterface } from 'node:readline/promises';
import { ConfigurationError } from '../shared/contract/errors.ts';

/** Where a question is put, and whether somebody is there to answer it. */
export interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
}

/**
 * Ask whether to go on; only the whole word is a yes.
 *
 * @throws {ConfigurationError} if nobody is there to be asked, or the answer is another one
 */
export async function confirm(question: string, terminal: Terminal): Promise<void> {
  const { input, output } = terminal;
  if (!input.isTTY) throw new ConfigurationError('somebody must confirm this, nobody can be asked here; give --yes');
  const lines = createInterface({ input, output });
  // the end of the input is an answer too
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question(`${question}\nType yes to go on: `), ended]);
  lines.close();
  if (answer.trim().toLowerCase() === 'yes') return;
  throw new ConfigurationError(`the answer must be yes, got ${JSON.stringify(answer)}; nothing was removed`);
}
