// What does a fit from the summary of all rows cost, and does it grow with the rows? 1e5 to 1e8 rows of three columns.
import { binRows } from '../shared/mixture/bin-rows.ts';
import { fitPreset } from '../shared/mixture/fit-preset.ts';
import { resolutionOf } from '../shared/mixture/resolution.ts';
import { medianOf } from '../shared/numeric/quantiles.ts';
import { summaryBins } from '../shared/summary/summary-bins.ts';
import { SummaryBuilder } from '../shared/summary/summary-builder.ts';
import { zoomsOf } from '../shared/summary/zooms.ts';
import { type Random, seededRandom } from '../test/support/random.ts';
import { timed } from './timed.ts';
import { machine } from './whole-run.ts';

const SEED = 11;
const MAX_COMPONENTS = 10;
const SAMPLE_ROWS = 100_000;
/** Rows that are held at once. */
const BLOCK = 1 << 16;
/** Fits of a summary: the seconds told are their median. */
const REPEATS = 5;

const COLUMNS: readonly { name: string; draw(random: Random): number }[] = [
  { name: 'lognormal', draw: ({ normal }) => Math.exp(3 + 0.8 * normal()) },
  { name: '60 % zeros, exponential', draw: ({ uniform }) => (uniform() < 0.6 ? 0 : -100 * Math.log(uniform())) },
  { name: 'uniform', draw: ({ uniform }) => 100 * uniform() },
];

/** `-- fit-rows 1e8`: up to so many rows. */
export async function benchFitRows([most = '1e8']: string[]): Promise<void> {
  process.stdout.write(`${machine()}\n\n`);
  process.stdout.write(
    '| column | rows | bins of the summary | CPU s of the fit | components | E-steps | bits a value |\n|---|---|---|---|---|---|---|\n',
  );
  for (const { name, draw } of COLUMNS) {
    for (let rows = 1e5; rows <= Number(most); rows *= 10) {
      const { summary, resolution } = summaryOf(rows, draw);
      const fitSummary = () =>
        fitPreset('modemap', summaryBins(summary), { resolution, maxComponents: MAX_COMPONENTS });
      // compiled by the first, timed by the others
      fitSummary();
      const fits = Array.from({ length: REPEATS }, () => timed(fitSummary));
      const { result, seconds } = fits.sort((a, b) => a.seconds - b.seconds)[(REPEATS - 1) / 2];
      const cells = [
        name,
        rows.toLocaleString('en'),
        summaryBins(summary).count.length.toLocaleString('en'),
        seconds.toFixed(2),
        result.components.length,
        result.iterations,
        result.bitsPerValue!.toFixed(4),
      ];
      process.stdout.write(`| ${cells.join(' | ')} |\n`);
    }
  }
}

/** The rows are drawn, summarised and forgotten block by block; centre, cells and resolution are those of a sample. */
function summaryOf(rows: number, draw: (random: Random) => number) {
  const sample = drawnBlock(seededRandom(SEED - 1), draw, new Float64Array(SAMPLE_ROWS));
  const resolution = resolutionOf(sample, null);
  const sampleBins = binRows(sample, null, resolution);
  const { components } = fitPreset('modemap', sampleBins, { resolution, maxComponents: MAX_COMPONENTS });
  const centre = medianOf(sampleBins);
  const builder = new SummaryBuilder({
    centre,
    zooms: zoomsOf(centre, components, resolution),
    decimals: { floatBits: 64 },
  });
  const random = seededRandom(SEED);
  const block = new Float64Array(BLOCK);
  const valid = new Uint8Array(BLOCK).fill(1);
  for (let done = 0; done < rows; done += BLOCK) {
    const length = Math.min(BLOCK, rows - done);
    builder.add(drawnBlock(random, draw, block.subarray(0, length)), valid.subarray(0, length), 0);
  }
  return { summary: builder.finish(), resolution };
}

function drawnBlock(random: Random, draw: (random: Random) => number, block: Float64Array): Float64Array {
  for (let i = 0; i < block.length; i++) block[i] = draw(random);
  return block;
}
