import { describe, expect, it } from 'vitest';
import { columnOptionsOf } from '../../shared/contract/configuration.ts';
import { canonicalJson, parseConfiguration } from '../../shared/contract/parse-configuration.ts';

const parse = (value: unknown) => () => parseConfiguration(JSON.stringify(value), 'trips.json');

describe('parseConfiguration', () => {
  it('fills in every default', () => {
    expect(parseConfiguration(null, '_modemap.json')).toMatchObject({
      preset: 'modemap',
      maxComponents: 10,
      clip: 0.99,
      fit: 'audit',
      seed: 0,
    });
  });

  it.each([
    [{ maxComponent: 3 }, 'trips.json: unknown field maxComponent, did you mean "maxComponents"?'],
    [{ maxComponents: 0 }, 'trips.json: maxComponents must be an integer 1..100, got 0'],
    [{ maxComponents: '10' }, 'trips.json: maxComponents must be an integer 1..100, got "10"'],
    [{ choose: 'max' }, 'trips.json: choose must be "sample" or "argmax", got "max"'],
    [{ clip: true }, 'trips.json: clip must be a number > 0 and at most 1000, or false, got true'],
    [{ seed: -1 }, 'trips.json: seed must be an integer 0..9007199254740991, got -1'],
    [
      { toleratedFailures: '1 %' },
      'trips.json: toleratedFailures must be an integer >= 0 or a percentage such as "1%", got "1 %"',
    ],
    [{ columns: ['delay'] }, 'trips.json: columns must be an object of column names'],
    [
      { columns: { delay: 'normalise' } },
      'trips.json: columns["delay"] must be "normalize", "pass", "drop" or an object of column options, got "normalise"',
    ],
    [{ columns: { delay: { clipp: 1 } } }, 'trips.json: unknown field columns["delay"].clipp, did you mean "clip"?'],
    [
      { columns: { delay: { clip: 'x' } } },
      'trips.json: columns["delay"].clip must be a number > 0 and at most 1000, or false, got "x"',
    ],
    [[], 'trips.json: the configuration must be a JSON object, got []'],
  ])('%j is refused with field, constraint and what arrived', (value, message) => {
    expect(parse(value)).toThrow(message);
  });

  it('takes columns of any name, __proto__ too, and says what is wrong with their options', () => {
    for (const name of ['__proto__', 'constructor', 'toString', '']) {
      const text = `{"columns":{${JSON.stringify(name)}:"pass"}}`;
      const configuration = parseConfiguration(text, 'x');
      expect(Object.keys(configuration.columns)).toEqual([name]);
      expect(columnOptionsOf(configuration, name).action).toBe('pass');
      expect(canonicalJson(configuration)).toContain(text.slice(1, -1));
      expect(() => parseConfiguration(text.replace('pass', 'skip'), 'x')).toThrow(
        `x: columns[${JSON.stringify(name)}] must be "normalize", "pass", "drop" or an object of column options, got "skip"`,
      );
    }
  });

  it('takes an action by itself and in an object for the same', () => {
    const [short, long] = ['{"columns":{"a":"pass"}}', '{"columns":{"a":{"action":"pass"}}}'].map((text) =>
      parseConfiguration(text, 'x'),
    );
    expect(long).toEqual(short);
  });

  it('says where the text is not JSON', () => {
    expect(() => parseConfiguration('{', 'trips.json')).toThrow('trips.json must be JSON: ');
  });
});

describe('columnOptionsOf', () => {
  const configuration = parseConfiguration('{"clip":2,"columns":{"a":{"clip":false},"b":"drop"}}', 'x');

  it.each([
    ['a', { clip: false, action: undefined }],
    ['b', { clip: 2, action: 'drop' }],
    ['toString', { clip: 2, action: undefined }],
  ])("column %s: its own options, else the run's", (name, expected) => {
    expect(columnOptionsOf(configuration, name)).toMatchObject(expected);
  });
});

describe('canonicalJson', () => {
  it('does not depend on the order of fields', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: 0 })).toBe(canonicalJson({ a: 0, b: [1, { c: 2, d: 1 }] }));
  });
});
