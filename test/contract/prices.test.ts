import { describe, expect, it } from 'vitest';
import { PRICES, parsePrices } from '../../shared/contract/prices.ts';

describe('prices given', () => {
  it('stand in place of ours, field by field', () => {
    const given = { region: 'eu-west-1', date: '2026-12-01', lambdaGbSecond: 0.00002 };
    expect(parsePrices(JSON.stringify(given), 'prices.json')).toEqual({ ...PRICES, ...given });
  });

  it.each([
    ['{"s3Gets": 1}', /^prices\.json: unknown field s3Gets, valid fields are region, date, source, lambdaGbSecond/],
    ['{"s3Get": -1}', /^prices\.json: s3Get must be a number >= 0 \(dollars\), got -1$/],
    ['{"s3Get": "1"}', /^prices\.json: s3Get must be a number >= 0 \(dollars\), got "1"$/],
    ['{"region": 1}', /^prices\.json: region must be text, got 1$/],
    ['[]', /^prices\.json: the prices must be an object of region, .*, got \[\]$/],
    ['{', /^prices\.json must be JSON: /],
  ])('%s is refused', (text, message) => {
    expect(() => parsePrices(text, 'prices.json')).toThrow(message);
  });
});
