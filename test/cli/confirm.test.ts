import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirm } from '../../cli/confirm.ts';

function terminal(answer: string | null, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  if (answer === null) input.end();
  else input.write(answer);
  return { input, output };
}

describe('confirm', () => {
  it('asks and goes on at yes alone', async () => {
    const there = terminal(' Yes\n');
    await confirm('All of it goes.', there);
    expect(String(there.output.read())).toContain('All of it goes.\nType yes to go on: ');
  });

  it.each(['y\n', '\n', 'no\n', 'yes, but\n', null])('stops at %j', async (answer) => {
    await expect(confirm('?', terminal(answer))).rejects.toThrow(
      /^the answer must be yes, got ".*"; nothing was removed$/,
    );
  });

  it('does not take a file for a person', async () => {
    await expect(confirm('?', terminal('yes\n', false))).rejects.toThrow('nobody can be asked here; give --yes');
  });
});
