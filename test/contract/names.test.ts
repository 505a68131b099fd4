import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareKeys, datasetIdOf, isHidden } from '../../shared/contract/names.ts';

describe('datasetIdOf', () => {
  it('is safe in keys, names and tables for any name, and differs where names differ', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (a, b) => {
          expect(datasetIdOf(a)).toMatch(/^[a-z0-9][a-z0-9_]{0,46}$/);
          expect(datasetIdOf(a) === datasetIdOf(b)).toBe(a === b);
        },
      ),
    );
  });

  it.each([
    ['flights', 'flights'],
    ['Flights 2024', /^flights_2024_[0-9a-f]{8}$/],
    ['数据', /^dataset_[0-9a-f]{8}$/],
  ])('%s', (name, id) => {
    expect(datasetIdOf(name)).toMatch(id);
  });
});

describe('compareKeys', () => {
  it('orders by UTF-8 bytes, where JavaScript would put an astral character before U+FFFD', () => {
    expect('\u{10000}' < '\uFFFD').toBe(true);
    expect(compareKeys('\u{10000}', '\uFFFD')).toBeGreaterThan(0);
  });
});

describe('isHidden', () => {
  it.each([
    ['_SUCCESS', true],
    ['a/.tmp/x.parquet', true],
    ['a/_delta_log/x.parquet', true],
    ['a_b/c.parquet', false],
  ])('%s: %s', (key, hidden) => {
    expect(isHidden(key)).toBe(hidden);
  });
});
