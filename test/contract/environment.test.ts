import { describe, expect, it } from 'vitest';
import { environmentOf, environmentSchemas, STAGES } from '../../shared/contract/environment.ts';

const PLAN = { POWERTOOLS_SERVICE_NAME: 's', INPUT_BUCKET: 'in-put', WORK_BUCKET: 'wo-rk', MAX_CONCURRENCY: '500' };

describe('environmentOf', () => {
  it('reads what a stage needs, numbers as numbers, and nothing else', () => {
    expect(environmentOf('plan', { ...PLAN, AWS_SECRET_ACCESS_KEY: 'x' })).toEqual({ ...PLAN, MAX_CONCURRENCY: 500 });
  });

  it.each([
    [{ MAX_CONCURRENCY: undefined }, 'MAX_CONCURRENCY of the plan function', 'got nothing'],
    [{ MAX_CONCURRENCY: '0' }, 'must be an integer 1..10000', 'got "0"'],
    [{ MAX_CONCURRENCY: '1e3' }, 'MAX_CONCURRENCY of the plan function', 'got "1e3"'],
    [{ INPUT_BUCKET: '' }, 'INPUT_BUCKET of the plan function', 'got ""'],
  ])('refuses %j, naming the variable and what arrived', (change, ...parts) => {
    const read = () => environmentOf('plan', { ...PLAN, ...change });
    expect(read).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
    for (const part of parts) expect(read).toThrow(part);
  });

  it('knows every stage', () => {
    expect(Object.keys(environmentSchemas)).toEqual([...STAGES]);
  });
});
