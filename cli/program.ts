import { Command, CommanderError } from 'commander';
import { ConfigurationError, ModemapError } from '../shared/contract/errors.ts';
import { registerDemo } from './demo.ts';
import { registerForget } from './forget.ts';
import { registerList } from './list.ts';
import { registerPlan } from './plan.ts';
import { registerPrune } from './prune.ts';
import { registerQuery } from './query.ts';
import { registerRun } from './run.ts';
import { registerStability } from './stability.ts';
import { registerStatus } from './status.ts';
import { registerTune } from './tune.ts';

export const VERSION = '0.1.0';

/**
 * Run the command.
 *
 * @returns exit code: 0 done, 1 the user's input or data is at fault (one line on stderr), 2 a defect of ours (a stack trace)
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    requireWorkingFolder();
    await makeProgram().parseAsync(argv);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (error instanceof ModemapError) {
      process.stderr.write(`modemap: ${oneLine(error.message)}\n`);
      return 1;
    }
    process.stderr.write(
      `modemap: this is a defect of modemap, please report it\n${error instanceof Error ? error.stack : String(error)}\n`,
    );
    return 2;
  }
}

function makeProgram(): Command {
  const program = new Command('modemap')
    .description('Mode-specific normalization for tables that do not fit on one machine.')
    .version(VERSION)
    .configureOutput({
      outputError: (text, write) => write(`modemap: ${usageError(text)}; modemap --help shows what there is\n`),
    })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  modemap demo                                     three million flights, start to end
  modemap plan data/                               what a run would do; writes nothing
  modemap run data/ --out normalized/              normalize every file below data/
  modemap query normalized/ "select * from run"    SQL over what came out
  modemap run s3://my-input-bucket/trips           the deployed pipeline does it; followed to the end
  modemap status s3://my-input-bucket/trips        how things stand with it`,
    );
  const registers = [
    ...[registerRun, registerStatus, registerPlan, registerQuery, registerDemo, registerTune, registerStability],
    ...[registerList, registerPrune, registerForget],
  ];
  for (const register of registers) register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}

/** Neither relative paths nor worker threads work where the folder was removed meanwhile. */
function requireWorkingFolder(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new ConfigurationError('the working folder must exist, it was removed; cd to another one', { cause });
  }
}

const usageError = (text: string) => oneLine(text.trim().replace(/^error: /, '')).replace(/\.$/, '');

const oneLine = (message: string) => message.replace(/\s*\n\s*/g, ' ');
