import { describe, expect, it } from 'vitest';
import { requireSameLeaves } from '../../shared/partition/schema-agreement.ts';

const first = {
  key: 'a.parquet',
  leaves: [
    { path: 'x', type: 'DOUBLE' },
    { path: 'y', type: 'INT64' },
  ],
};
const other = (leaves: { path: string; type: string }[]) => () =>
  requireSameLeaves(first, { key: 'b.parquet', leaves });

describe('requireSameLeaves', () => {
  it('accepts the same leaves', () => {
    expect(other(first.leaves)).not.toThrow();
  });

  it.each([
    [[{ path: 'x', type: 'FLOAT' }, first.leaves[1]], 'x is DOUBLE in a.parquet and FLOAT in b.parquet'],
    [[first.leaves[0]], 'b.parquet has no column y, a.parquet has'],
    [[...first.leaves, { path: 'z', type: 'INT64' }], 'b.parquet has a column z, a.parquet has not'],
    [[first.leaves[1], first.leaves[0]], 'column x stands at another place in b.parquet than in a.parquet'],
  ])('says which column in which file differs: %j', (leaves, message) => {
    expect(other(leaves)).toThrow(message);
  });
});
