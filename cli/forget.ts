import type { Command } from 'commander';
import prettyBytes from 'pretty-bytes';
import {
  type ForgetSurvey,
  type Forgotten,
  forget,
  requireAtRest,
  surveyForgotten,
} from '../functions/housekeeping/forget.ts';
import { confirm } from './confirm.ts';
import { resolveForgotten } from './forgotten-argument.ts';
import { addCloudFlags, type CloudFlags, openHouse } from './open-house.ts';

interface ForgetFlags extends CloudFlags {
  out: string;
  yes?: boolean;
}

export function registerForget(program: Command): void {
  const command = program
    .command('forget')
    .description('Erase a dataset, or one run of it, for good: every version of everything but the input.')
    .argument('<DATASET|RUN>', 'name of a dataset, id of a run, or DATASET/RUN')
    .option('--out <DIR>', 'output folder, or s3://BUCKET: the output bucket', '.')
    .option('--yes', 'do not ask');
  addCloudFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  modemap forget trips --out normalized/
  modemap forget trips/1f0c9b8a7d6e5f40 --out normalized/ --yes
  modemap forget trips --out s3://OUTPUT_BUCKET --work s3://WORK_BUCKET --state-machine ARN

It takes data, metrics, tasks, models, reports, records, work, and what says which run is the current one. The input is
yours and stays. Cut short, it is done again with the same words. SECURITY.md says what else may hold values.`,
    )
    .action(forgetCommand);
}

async function forgetCommand(word: string, flags: ForgetFlags): Promise<void> {
  const { house, name, close } = await openHouse(flags.out, flags, 'change');
  try {
    const forgotten = await resolveForgotten(house, word, name);
    await requireAtRest(house, forgotten);
    const survey = await surveyForgotten(house, forgotten);
    if (!flags.yes) {
      await confirm(describe(forgotten, survey, name), { input: process.stdin, output: process.stderr });
    }
    await forget(house, forgotten);
    process.stdout.write(`${whatOf(forgotten)} is forgotten: ${amountOf(survey)}\n`);
  } finally {
    await close();
  }
}

function describe(forgotten: Forgotten, survey: ForgetSurvey, name: string): string {
  const runs = forgotten.runId === undefined ? [`runs: ${survey.runIds.join(', ') || 'none'}`] : [];
  return [
    `This erases ${whatOf(forgotten)} from ${name} for good: ${amountOf(survey)}.`,
    ...runs,
    'Data, metrics, models, reports, records and work go; the input stays.',
  ].join('\n');
}

const whatOf = ({ datasetId, runId }: Forgotten) =>
  runId === undefined ? `dataset ${datasetId}` : `run ${runId} of ${datasetId}`;

const amountOf = ({ versions, sizeBytes }: ForgetSurvey) =>
  `${versions.toLocaleString('en')} object${versions === 1 ? '' : 's'}, ${prettyBytes(sizeBytes)}`;
