import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dimensionValue } from '../../../functions/adapters/run-metrics.ts';

describe('dimensionValue', () => {
  it.each([
    ['delay', 'delay'],
    ['100 % of it', '100 %25 of it'],
    ['größe', 'gr%C3%B6%C3%9Fe'],
    [':odd', '%3Aodd'],
    ['', '(blank)'],
    ['  ', '(blank)'],
    ['tab\there', 'tab%09here'],
    ['half \ud800', 'half %EF%BF%BD'],
  ])('%j becomes %s', (name, value) => {
    expect(dimensionValue(name)).toBe(value);
  });

  it('is what CloudWatch takes, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const value = dimensionValue(name);
        expect(value).toMatch(/^[ -9;-~][ -~]{0,249}$/);
        expect(value.trim()).not.toBe('');
      }),
    );
  });
});
