import { describe, expect, it } from 'vitest';
import { folderColumnsOf, requireSameFolders } from '../../shared/partition/folder-columns.ts';

describe('folderColumnsOf', () => {
  it.each([
    ['part.parquet', []],
    [
      'year=2024/month=01/part.parquet',
      [
        { name: 'year', value: '2024' },
        { name: 'month', value: '01' },
      ],
    ],
    ['plain/year=2024/a=b.parquet', [{ name: 'year', value: '2024' }]],
    ['city=S%C3%A3o%20Paulo/x.parquet', [{ name: 'city', value: 'São Paulo' }]],
    ['rate=100%/x.parquet', [{ name: 'rate', value: '100%' }]],
    ['c=a=b/x.parquet', [{ name: 'c', value: 'a=b' }]],
    ['c=__HIVE_DEFAULT_PARTITION__/x.parquet', [{ name: 'c', value: null }]],
    ['=x/y.parquet', []],
  ])('%s', (key, columns) => {
    expect(folderColumnsOf(key)).toEqual(columns);
  });
});

describe('requireSameFolders', () => {
  it('names both files where their folders differ', () => {
    expect(() => requireSameFolders('a=1/x.parquet', 'b=1/x.parquet')).toThrow(
      'all files of a dataset must lie in the same k=v folders: a=1/x.parquet has (a), b=1/x.parquet has (b)',
    );
  });

  it('does not mind other values', () => {
    expect(() => requireSameFolders('a=1/x.parquet', 'a=2/y.parquet')).not.toThrow();
  });
});
