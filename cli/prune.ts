import type { Command } from 'commander';
import prettyBytes from 'pretty-bytes';
import type { KeptReason } from '../functions/housekeeping/choose-prunable.ts';
import { type Prunable, type PrunePlan, planPrune, prune } from '../functions/housekeeping/prune.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { datasetIdOf } from '../shared/contract/names.ts';
import { addCloudFlags, type CloudFlags, openHouse } from './open-house.ts';
import { parsePositiveInteger } from './parse-arguments.ts';
import { formatTable } from './table-output.ts';

interface PruneFlags extends CloudFlags {
  keep: number;
  out: string;
  dryRun?: boolean;
  json?: boolean;
}

export function registerPrune(program: Command): void {
  const command = program
    .command('prune')
    .description('Remove old runs of a dataset: never the current one, never one that is, or was current, within 24 h.')
    .argument('<DATASET>', 'name of the dataset, as modemap list shows it')
    .requiredOption('--keep <N>', 'how many of the newest runs stay', parsePositiveInteger)
    .option('--out <DIR>', 'output folder, or s3://BUCKET: the output bucket', '.')
    .option('--dry-run', 'say what would go and what it frees; remove nothing')
    .option('--json', 'print JSON instead of tables');
  addCloudFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  modemap prune trips --keep 3 --out normalized/ --dry-run
  modemap prune trips --keep 3 --out normalized/
  modemap prune trips --keep 3 --out s3://OUTPUT_BUCKET --work s3://WORK_BUCKET --state-machine ARN

Whatever is left of a removal that was cut short goes too: repeat the command.
On a bucket with versioning what goes can be had back until its lifecycle ends that; modemap forget is for good.`,
    )
    .action(pruneCommand);
}

async function pruneCommand(dataset: string, flags: PruneFlags): Promise<void> {
  const { house, name, close } = await openHouse(flags.out, flags, flags.dryRun ? 'look' : 'change');
  try {
    const request = { datasetId: datasetIdOf(dataset), keep: flags.keep, now: Date.now() };
    const plan = await planPrune(house, request);
    if (plan.goes.length + plan.stays.length === 0) {
      throw new ConfigurationError(`DATASET must have a run, ${dataset} has none in ${name}; see modemap list ${name}`);
    }
    const goes = flags.dryRun ? plan.goes : await prune(house, request, plan);
    const text = flags.json ? asJson(goes, plan, flags) : describe(goes, plan, flags);
    process.stdout.write(`${text}\n`);
  } finally {
    await close();
  }
}

const asJson = (goes: readonly Prunable[], { stays }: PrunePlan, { dryRun = false }: PruneFlags) =>
  JSON.stringify({
    dry_run: dryRun,
    goes: goes.map(({ runId, record, objects, sizeBytes }) => ({
      run_id: runId,
      order: record?.order ?? null,
      objects,
      bytes: sizeBytes,
    })),
    stays: stays.map(({ record, reason }) => ({ run_id: record.run_id, order: record.order, reason })),
  });

function describe(goes: readonly Prunable[], { stays }: PrunePlan, { dryRun, keep }: PruneFlags): string {
  const lines: string[] = [];
  if (goes.length > 0) {
    const head = [dryRun ? 'would go' : 'went', 'order', 'rows', 'objects', 'frees'];
    lines.push(formatTable(head, goes.map(runLine)), '');
  }
  if (stays.length > 0) {
    const cells = stays.map(({ record, reason }) => [record.run_id, record.order, meaningOf(reason, keep)]);
    lines.push(formatTable(['stays', 'order', 'because'], cells), '');
  }
  const bytes = goes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const verb = dryRun ? 'would go' : 'went';
  lines.push(`${goes.length} of ${goes.length + stays.length} runs ${verb}, ${prettyBytes(bytes)}`);
  return lines.join('\n');
}

const runLine = ({ runId, record, objects, sizeBytes }: Prunable) => [
  runId,
  record?.order ?? 'a removal cut short',
  record?.rows.toLocaleString('en') ?? '-',
  objects.toLocaleString('en'),
  prettyBytes(sizeBytes),
];

function meaningOf(reason: KeptReason, keep: number): string {
  const meanings: Record<KeptReason, string> = {
    current: 'readers get it',
    'among the newest': `among the newest ${keep}`,
    young: 'younger than 24 h',
    'may be read': 'it was the current one within 24 h',
    'under way': 'somebody works on it',
  };
  return meanings[reason];
}
