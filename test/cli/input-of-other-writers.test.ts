import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap } from '../support/command.ts';
import { hardInputs } from '../support/hard-inputs.ts';
import { python, runPython } from '../support/python.ts';

const { path, freshFolder, freshOut, good, writeGood, refused, accepted, rowsOf } = hardInputs();
const checkRun = fileURLToPath(new URL('../end-to-end/check_run.py', import.meta.url));

beforeAll(async () => {
  await writeGood();
});

const WRITE = `
import sys, numpy as np, pyarrow as pa, pyarrow.parquet as pq
folder, x = sys.argv[1], np.random.default_rng(1).normal(size=4000)
names = ['a"b', "a'b", 'new\\nline', 'a.b', '\\u00fc\\U0001f600', '', 'n' * 300, '__proto__', 'constructor', 'toString',
         'a/b', '%41', ' ', 'x;drop table', '*', 'a\\\\b', 'length', '\\u00e9', 'e\\u0301', 'A', 'a']
pq.write_table(pa.Table.from_arrays([pa.array(np.roll(x[:400], i)) for i in range(len(names))], names=names), folder + '/names.parquet')
pq.write_table(pa.Table.from_arrays([pa.array(x), pa.array(x)], names=['a', 'a']), folder + '/twice.parquet')
pq.write_table(pa.table({'x': x[:0]}), folder + '/zero.parquet')
with pq.ParquetWriter(folder + '/holes.parquet', pa.schema([('x', pa.float64())])) as writer:
    for part in (x[:0], x[:1000], x[:0], x[1000:], x[:0]):
        writer.write_table(pa.table({'x': part}))
pq.write_table(pa.table({f'c{i}': x[:40] + i for i in range(60)}), folder + '/wide.parquet')
`;

const ENCRYPT = `
import base64, sys, pyarrow as pa, pyarrow.parquet as pq, pyarrow.parquet.encryption as pe
class Plain(pe.KmsClient):
    def __init__(self, configuration): super().__init__()
    def wrap_key(self, key, master): return base64.b64encode(key)
    def unwrap_key(self, key, master): return base64.b64decode(key)
factory = pe.CryptoFactory(Plain)
table = pa.table({'x': [1.5, 2.5], 'y': [1, 2]})
for plaintext in (False, True):
    configuration = pe.EncryptionConfiguration(footer_key='f', column_keys={'c': ['x']}, plaintext_footer=plaintext)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), configuration)
    with pq.ParquetWriter(f'{sys.argv[1]}/encrypted-{plaintext}.parquet', table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)
`;

describe.skipIf(!python)('as other writers write it', () => {
  const written = path('python');

  beforeAll(() => {
    mkdirSync(written);
    runPython('-c', WRITE, written);
    runPython('-c', ENCRYPT, written);
  });

  /** The columns that a run with such flags normalizes. */
  const normalizedOf = (...flags: string[]): string[] => {
    const { stdout } = modemap('run', join(written, 'names.parquet'), '--out', freshOut(), '--json', ...flags);
    return JSON.parse(stdout).columns.map(({ name }: { name: string }) => name);
  };

  it('column names of any kind', () => {
    const input = join(written, 'names.parquet');
    runPython(checkRun, input, accepted(input));
  });

  it('a column called constructor passes when told to', () => {
    const names = normalizedOf('--pass', 'constructor');
    expect(names).toHaveLength(20);
    expect(names).not.toContain('constructor');
  });

  it('a column called __proto__ is configured like any other, and refused where there is none', () => {
    const config = path('proto.json');
    writeFileSync(config, '{"columns":{"__proto__":"drop"}}');
    const names = normalizedOf('--config', config);
    expect(names).toHaveLength(20);
    expect(names).not.toContain('__proto__');
    expect(refused(good, '--config', config)).toContain('__proto__');
    expect(refused(good, '--pass', '__proto__')).toContain('__proto__');
  });

  it('60 columns', () => {
    const input = join(written, 'wide.parquet');
    runPython(checkRun, input, accepted(input));
  });

  it('row groups without rows', () => {
    const input = join(written, 'holes.parquet');
    runPython(checkRun, input, accepted(input));
  });

  it('files without rows among others', () => {
    const input = freshFolder();
    copyFileSync(join(written, 'zero.parquet'), join(input, 'a.parquet'));
    copyFileSync(join(written, 'holes.parquet'), join(input, 'b.parquet'));
    copyFileSync(join(written, 'zero.parquet'), join(input, 'c.parquet'));
    expect(rowsOf(accepted(input))).toEqual([{ n: 4000 }]);
  });

  it('no rows at all', () => {
    expect(refused(join(written, 'zero.parquet'))).toContain('zero must have rows, all of its files are empty');
  });

  it('a name twice', () => {
    expect(refused(join(written, 'twice.parquet'))).toContain('"a" occurs twice in twice.parquet; rename one of them');
  });

  it('encrypted, with the footer encrypted or in plain text', () => {
    const files = readdirSync(written).filter((name) => name.startsWith('encrypted'));
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(refused(join(written, file))).toContain(`${file} is encrypted, modemap cannot read it; decrypt it first`);
    }
  });
});
