import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';
import { hardInputs } from '../support/hard-inputs.ts';

const { path, freshFolder, freshOut, good, writeGood, refused, accepted } = hardInputs();

beforeAll(async () => {
  await writeGood();
});

/** The file with another codec said of some of its chunks: in ColumnMetaData, codec (an i32) stands before num_values. */
function withCodec(codec: number, isMeant: (leaf: number) => boolean): Buffer {
  const bytes = readFileSync(good);
  const field = Buffer.from([0x15, 0x00, 0x16]);
  const places: number[] = [];
  for (let at = bytes.indexOf(field, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8)); at >= 0; ) {
    places.push(at);
    at = bytes.indexOf(field, at + 1);
  }
  expect(places).toHaveLength(6);
  for (const [chunk, place] of places.entries()) if (isMeant(chunk % 3)) bytes[place + 1] = codec * 2;
  return bytes;
}

describe('refused in one line', () => {
  it('a file that lacks a column of the first one', async () => {
    const input = freshFolder();
    copyFileSync(good, join(input, 'a.parquet'));
    await writeParquetFile(join(input, 'b.parquet'), `select x from '${good}'`);
    expect(refused(input)).toContain('b.parquet has no column y, a.parquet has');
  });

  it.each([
    [5, 'LZ4'],
    [9, 'codec 9'],
  ])('a column to be decoded whose codec is %i; a column that passes may have it', (codec, name) => {
    const file = path(`codec-${codec}.parquet`);
    writeFileSync(
      file,
      withCodec(codec, (leaf) => leaf === 0),
    );
    expect(refused(file)).toContain(
      `column x of codec-${codec}.parquet must be uncompressed, snappy, gzip, zstd, brotli or lz4_raw to be normalized, it is ${name}`,
    );
    writeFileSync(
      file,
      withCodec(codec, (leaf) => leaf === 2),
    );
    accepted(file);
  });

  it('a footer with any byte changed: refused or read, never a defect', () => {
    const bytes = readFileSync(good);
    const footerBytes = bytes.readUInt32LE(bytes.length - 8);
    const file = path('flipped.parquet');
    for (let i = 0; i < 6; i++) {
      const damaged = Buffer.from(bytes);
      const place = bytes.length - 8 - footerBytes + ((i * 7919) % footerBytes);
      damaged[place] ^= 1 << (i % 8);
      writeFileSync(file, damaged);
      const { status, stderr } = modemap('run', file, '--out', freshOut(), '--jobs', '1');
      expect(status, `byte ${place}, bit ${i % 8}: ${stderr}`).toBeLessThanOrEqual(1);
      expect(stderr.split('\n').length, stderr).toBeLessThanOrEqual(2);
    }
  }, 30_000);

  it('a file that is hidden, empty, or not named', () => {
    for (const [name, bytes, message] of [
      ['_x.parquet', readFileSync(good), 'INPUT must not be hidden'],
      ['.x.parquet', readFileSync(good), 'INPUT must not be hidden'],
      ['x.parquet', '', 'INPUT must hold a table'],
    ] as const) {
      const file = join(freshFolder(), name);
      writeFileSync(file, bytes);
      expect(refused(file)).toContain(message);
    }
    expect(refused('')).toBe('modemap: INPUT must name a file or folder, got nothing');
  });

  it('a folder that is a pipe, a link to nothing, or a device', () => {
    const input = freshFolder();
    symlinkSync(join(input, 'nowhere'), join(input, 'a.parquet'));
    expect(refused(input)).toContain('a.parquet must lead to a file, it is a symbolic link to nothing');
    expect(refused('/dev/null')).toBe('modemap: INPUT must be a file or a folder, /dev/null is neither');
  });

  it('folders that stand for other columns than the first', () => {
    const input = freshFolder();
    for (const key of ['a=1/b=2', 'a=1']) {
      mkdirSync(join(input, key), { recursive: true });
      copyFileSync(good, join(input, key, 'p.parquet'));
    }
    expect(refused(input)).toContain('a=1/b=2/p.parquet has (a, b), a=1/p.parquet has (a)');
  });

  it('folders that stand for a column the files have', () => {
    const input = freshFolder();
    mkdirSync(join(input, 'x=1'));
    copyFileSync(good, join(input, 'x=1/p.parquet'));
    expect(refused(input)).toContain('column names must be unique, "x" occurs twice in x=1/p.parquet');
  });

  it('a configuration file, by the name it was given', () => {
    const config = path('mine.json');
    writeFileSync(config, '{"maxComponents": 0}');
    expect(refused(good, '--config', config)).toBe(
      `modemap: ${config}: maxComponents must be an integer 1..100, got 0`,
    );
    expect(refused(good, '--config', path('none.json'))).toContain('--config must be a readable file');
  });

  it('a flag out of range', () => {
    expect(refused(good, '--max-components', '101')).toBe(
      'modemap: flags: maxComponents must be an integer 1..100, got 101',
    );
  });

  it.each([
    [['rum'], "unknown command 'rum' (Did you mean run?)"],
    [['run', 'a'], "required option '--out <DIR>' not specified"],
    [['run', 'a', '--out', 'b', '--jobs', '0'], "argument '0' is invalid. must be an integer >= 1"],
    [['run', 'a', 'b', '--out', 'c'], "too many arguments for 'run'. Expected 1 argument but got 2"],
    [['query'], "missing required argument 'RUN'"],
  ])('the command line %j', (args, message) => {
    const { status, stdout, stderr } = modemap(...args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^modemap: [^\n]*; modemap --help shows what there is\n$/);
    expect(stderr).toContain(message);
  });
});
