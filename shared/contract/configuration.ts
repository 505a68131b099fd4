import * as z from 'zod';
import { namedRecord } from './named-record.ts';

/** Options a single column may override (marked * in the design's table), plus what to do with the column. */
const columnOptions = {
  preset: z.enum(['modemap', 'ctgan']),
  maxComponents: z.int().min(1).max(100),
  choose: z.enum(['sample', 'argmax']),
  clip: z.union([z.literal(false), z.number().positive().max(1000)]),
  precision: z.enum(['auto', 'float32', 'float64']),
  keepOriginal: z.boolean(),
};

const action = z.enum(['normalize', 'pass', 'drop']);

const columnSchema = z.union([
  action,
  z.strictObject({ action: action.optional(), ...z.object(columnOptions).partial().shape }),
]);

export const DEFAULTS = {
  columns: {},
  preset: 'modemap',
  maxComponents: 10,
  choose: 'sample',
  clip: 0.99,
  precision: 'auto',
  keepOriginal: false,
  fit: 'audit',
  sampleRows: 1_000_000,
  partitionBytes: 'auto',
  seed: 0,
  start: 'settle',
  toleratedFailures: 0,
  maxRunDollars: 25,
} as const;

/** `_modemap.json`: every field optional, unknown fields refused. */
export const configurationInputSchema = z.strictObject({
  columns: namedRecord(columnSchema).optional(),
  ...z.object(columnOptions).partial().shape,
  fit: z.enum(['sample', 'audit', 'full']).optional(),
  sampleRows: z.int().min(1).max(100_000_000).optional(),
  partitionBytes: z.union([z.literal('auto'), z.int().min(1)]).optional(),
  seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  start: z.enum(['settle', 'marker']).optional(),
  toleratedFailures: z.union([z.int().min(0), z.string().regex(/^\d+(\.\d+)?%$/)]).optional(),
  maxRunDollars: z.number().positive().optional(),
});

/** The resolved configuration: all defaults present. */
export const configurationSchema = configurationInputSchema.required();
export type Configuration = z.infer<typeof configurationSchema>;

/** The options that apply to one column, after its own overrides. */
export interface ColumnOptions {
  /** undefined: decide by the column's type and sampled values */
  action: 'normalize' | 'pass' | 'drop' | undefined;
  preset: 'modemap' | 'ctgan';
  maxComponents: number;
  choose: 'sample' | 'argmax';
  /** largest |z| stored, or false for no clipping */
  clip: number | false;
  precision: 'auto' | 'float32' | 'float64';
  keepOriginal: boolean;
}

/** The options of column `name`: its own where given, else the run's. */
export function columnOptionsOf(configuration: Configuration, name: string): ColumnOptions {
  const own = Object.hasOwn(configuration.columns, name) ? configuration.columns[name] : {};
  const overrides = typeof own === 'string' ? { action: own } : own;
  const { preset, maxComponents, choose, clip, precision, keepOriginal } = configuration;
  return { action: undefined, preset, maxComponents, choose, clip, precision, keepOriginal, ...overrides };
}
