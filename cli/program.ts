import { Command, CommanderError } from 'commander';
import { ConfigurationError, ModemapError } from '../shared/contract/errors.ts';

/** Each loads what it needs, and most need little: what one takes to start, no other waits for. */
const COMMANDS: Record<string, () => Promise<(program: Command) => void>> = {
  run: async () => (await import('./run.ts')).registerRun,
  status: async () => (await import('./status.ts')).registerStatus,
  plan: async () => (await import('./plan.ts')).registerPlan,
  query: async () => (await import('./query.ts')).registerQuery,
  demo: async () => (await import('./demo.ts')).registerDemo,
  tune: async () => (await import('./tune.ts')).registerTune,
  stability: async () => (await import('./stability.ts')).registerStability,
  list: async () => (await import('./list.ts')).registerList,
  prune: async () => (await import('./prune.ts')).registerPrune,
  forget: async () => (await import('./forget.ts')).registerForget,
};

export const VERSION = '0.1.0';

/**
 * Run the command.
 *
 * @returns exit code: 0 done, 1 the user's input or data is at fault (one line on stderr), 2 a defect of ours (a stack trace)
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    requireWorkingFolder();
    const program = await makeProgram(argv[2]);
    await program.parseAsync(argv);
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

/** @param name the command asked for; where it is none, all are there, to be listed or to be suggested */
async function makeProgram(name: string | undefined): Promise<Command> {
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
  const isCommand = name !== undefined && Object.hasOwn(COMMANDS, name);
  const loads = isCommand ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const register of await Promise.all(loads.map((load) => load()))) register(program);
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
