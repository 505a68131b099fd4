import { type Command, InvalidArgumentError, Option } from 'commander';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { parseConfiguration } from '../shared/contract/parse-configuration.ts';
import { parseBytes, parsePositiveInteger } from './parse-arguments.ts';

/** The fields of the configuration that have a flag of their own. */
export interface ConfigurationFlags {
  config?: string;
  normalize?: string[];
  pass?: string[];
  drop?: string[];
  maxComponents?: number;
  choose?: string;
  clip?: number | false;
  precision?: string;
  fit?: string;
  sampleRows?: number;
  partitionBytes?: number;
  seed?: number;
}

/** Add the flags that stand for fields of the configuration. */
export function addConfigurationFlags(command: Command): Command {
  return command
    .option('--config <FILE>', 'configuration as JSON (default: _modemap.json beside the data)')
    .option('--normalize <COLUMNS...>', 'columns to normalize, dates and timestamps too')
    .option('--pass <COLUMNS...>', 'columns to leave as they are')
    .option('--drop <COLUMNS...>', 'columns to leave out')
    .option('--max-components <N>', 'components of a mixture at most, 1..100 (default: 10)', parsePositiveInteger)
    .addOption(
      new Option('--choose <HOW>', 'draw the component, or take the likeliest (default: sample)').choices([
        'sample',
        'argmax',
      ]),
    )
    .option('--clip <Z>', 'largest |z| stored, or "off" (default: 0.99)', parseClip)
    .addOption(
      new Option('--precision <P>', 'of normalized values (default: auto)').choices(['auto', 'float32', 'float64']),
    )
    .addOption(
      new Option('--fit <MODE>', 'rows the fit looks at (default: audit)').choices(['sample', 'audit', 'full']),
    )
    .option('--sample-rows <N>', 'rows of the sample, about (default: 1000000)', parsePositiveInteger)
    .option('--partition-bytes <SIZE>', 'decoded bytes of a partition, about (default: 32MB to 128MB)', parseBytes)
    .option('--seed <N>', 'of every draw (default: 0)', parseSeed);
}

/**
 * Put the flags on top of the configuration's text.
 *
 * @returns the text to freeze, or undefined where there is neither text nor flag
 * @throws {ConfigurationError} if the text or a flag is not a valid configuration
 */
export function mergeFlags(text: string | null, flags: ConfigurationFlags, source: string): string | undefined {
  const {
    config: _,
    normalize,
    pass,
    drop,
    maxComponents,
    choose,
    clip,
    precision,
    fit,
    sampleRows,
    partitionBytes,
    seed,
  } = flags;
  const fields = { maxComponents, choose, clip, precision, fit, sampleRows, partitionBytes, seed };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const columns = Object.entries({ normalize, pass, drop }).flatMap(([action, names]) =>
    (names ?? []).map((name) => [name, action] as const),
  );
  if (text !== null) parseConfiguration(text, source);
  if (given.length === 0 && columns.length === 0) return text ?? undefined;
  requireOneAction(columns);
  const base = text === null ? {} : JSON.parse(text);
  const merged = { ...base, ...Object.fromEntries(given) };
  if (columns.length > 0) merged.columns = { ...base.columns, ...Object.fromEntries(columns) };
  const mergedText = JSON.stringify(merged);
  parseConfiguration(mergedText, 'flags');
  return mergedText;
}

function requireOneAction(columns: readonly (readonly [string, string])[]): void {
  for (const [i, [name, action]] of columns.entries()) {
    const other = columns.slice(0, i).find(([earlier]) => earlier === name);
    if (other)
      throw new ConfigurationError(
        `column ${JSON.stringify(name)} must be given once, got --${other[1]} and --${action}`,
      );
  }
}

function parseClip(text: string): number | false {
  if (text === 'off' || text === 'false') return false;
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number > 0 or "off".');
  return value;
}

function parseSeed(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('must be an integer >= 0.');
  return value;
}
