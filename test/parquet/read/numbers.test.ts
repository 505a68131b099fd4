import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { temporaryFolder } from '../../support/command.ts';
import { python, runPython } from '../../support/python.ts';
import { footerOf, readNumbers } from './parquet-file.ts';

const script = fileURLToPath(new URL('write_numbers.py', import.meta.url));
const folder = temporaryFolder();
let names: string[] = [];
let wanted: Record<string, { texts: (string | null)[]; inexact: number }>;
const load = (name: string) => Uint8Array.from(readFileSync(join(folder, `${name}.parquet`)));

describe.skipIf(!python)('numbers that pyarrow wrote', () => {
  beforeAll(() => {
    initialiseParquetWasm();
    names = runPython(script, folder).trim().split('\n');
    wanted = JSON.parse(readFileSync(join(folder, 'numbers.json'), 'utf8'));
  });

  it('are the nearest double, null for null, in every type, encoding, codec and page version', () => {
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) {
      const read = readNumbers(load(name), name);
      const differing = Object.entries(read).filter(([column, { values, inexact }]) => {
        const { texts, inexact: expected } = wanted[column];
        const isSame = texts.every((text, row) => Object.is(values[row], text === null ? null : numberOf(text)));
        return !isSame || values.length !== texts.length || inexact !== expected;
      });
      expect(differing.map(([column]) => `${name}: ${column}`)).toEqual([]);
      if (name !== 'version-1') expect(Object.keys(read)).toEqual(Object.keys(wanted));
    }
  });

  it('are in columns whose types are said as people know them', () => {
    const types = Object.fromEntries(footerOf(load('plain')).columns.map(({ name, typeName }) => [name, typeName]));
    expect(types).toMatchObject({
      u8: 'INTEGER(8, unsigned)',
      i64: 'INT64',
      u64: 'INTEGER(64, unsigned)',
      f32: 'FLOAT',
      f64_required: 'DOUBLE',
      date: 'DATE',
      local_us: 'TIMESTAMP(us)',
      utc_ns: 'TIMESTAMP(ns, UTC)',
      m9_0: 'DECIMAL(9,0) in FIXED_LEN_BYTE_ARRAY(4)',
      list: 'LIST<INT64>',
      struct: 'STRUCT<INT64, STRING>',
      text: 'STRING',
      flag: 'BOOLEAN',
      half: 'FLOAT16',
      time: 'TIME(us)',
    });
    const stored = footerOf(load('integer-decimals')).columns.filter(({ name }) => name.startsWith('m'));
    expect(stored.slice(0, 4).map(({ typeName }) => typeName)).toEqual([
      'DECIMAL(4,2)',
      'DECIMAL(9,0)',
      'DECIMAL(18,3)',
      'DECIMAL(19,19) in FIXED_LEN_BYTE_ARRAY(9)',
    ]);
  });

  it('have statistics that are the extremes of their values', () => {
    const file = load('codec-zstd');
    const { columns, rowGroups } = footerOf(file);
    const numbers = readNumbers(file);
    let compared = 0;
    for (const { name, leafStart } of columns.filter(({ numeric }) => numeric)) {
      for (const { rows, rowStart, chunks } of rowGroups) {
        const { minimum, maximum, nullCount } = chunks[leafStart];
        const values = numbers[name].values.slice(rowStart, rowStart + rows);
        expect(nullCount).toBe(values.filter((value) => value === null).length);
        if (minimum === null || maximum === null) continue;
        const there = values.filter((value) => value !== null && !Number.isNaN(value)) as number[];
        // an unscaled bound of more than 53 bits is rounded twice
        const isNear = (a: number, b: number) => Math.abs(a - b) <= Math.abs(b) * 2 ** -51;
        expect([name, isNear(minimum, Math.min(...there)), isNear(maximum, Math.max(...there))]).toEqual([
          name,
          true,
          true,
        ]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(60);
  });

  it('are seen to be damaged where a page differs from its checksum', () => {
    const file = load('checksums');
    const { columns, rowGroups } = footerOf(file);
    const { leafStart } = columns.find(({ name }) => name === 'f64')!;
    const { end } = rowGroups[1].chunks[leafStart];
    file[end - 5] ^= 1;
    expect(() => readNumbers(file, 'd/x.parquet')).toThrow(
      /^column f64 of d\/x\.parquet does not decode: page \d must have the checksum that was written with it; the file is damaged/,
    );
  });
});

/** Python's words for what has no digits. */
function numberOf(text: string): number {
  return { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }[text] ?? Number(text);
}
