import { describe, expect, it } from 'vitest';
import { formatTable } from '../../cli/table-output.ts';

describe('formatTable', () => {
  it('aligns columns, figures to the right, and leaves no trailing blanks', () => {
    const rows = [
      ['delay', '1,234', 'x'],
      ['d', '-5.5e-07', ''],
      ['distance', 'NULL', 'long text'],
    ];
    expect(formatTable(['name', 'n', 'note'], rows).split('\n')).toEqual([
      'name             n  note',
      '--------  --------  ---------',
      'delay        1,234  x',
      'd         -5.5e-07',
      'distance      NULL  long text',
    ]);
  });

  it('gives wide characters their room', () => {
    expect(
      formatTable(
        ['a', 'b'],
        [
          ['日本', 'x'],
          ['é', 'y'],
          ['😀', 'z'],
        ],
      )
        .split('\n')
        .slice(2),
    ).toEqual(['日本  x', 'é     y', '😀    z']);
  });

  it('shows control characters instead of sending them to the terminal', () => {
    expect(formatTable(['a\n'], [['\u001b[31mred\tx'], ['\u202etxt']])).toBe(
      'a\\n\n----------------\n\\u001b[31mred\\tx\n\\u202etxt',
    );
  });

  it('shows the head of an empty table', () => {
    expect(formatTable(['a', 'bcd'], [])).toBe('a  bcd\n-  ---');
  });
});
