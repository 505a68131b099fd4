import { describe, expect, it } from 'vitest';
import { jsonOfAthena, textOfAthena } from '../../../cli/cloud/athena-value.ts';

describe('a value of Athena', () => {
  it.each([
    ['bigint', '9223372036854775807', '9223372036854775807', '9223372036854775807'],
    ['tinyint', '-3', '-3', '-3'],
    ['decimal', '-0.50', '-0.50', '-0.50'],
    ['double', '1.0E20', '1e+20', '1e+20'],
    ['double', '1.0E7', '10000000.0', '10000000.0'],
    ['double', 'NaN', 'nan', '"nan"'],
    ['double', '-Infinity', '-inf', '"-inf"'],
    ['float', '0.1', '0.1', '0.1'],
    ['float', '3.4028235E38', '3.4028235e+38', '3.4028235e+38'],
    ['boolean', 'true', 'true', 'true'],
    ['varchar', '1', '1', '"1"'],
    ['date', '2000-01-01', '2000-01-01', '"2000-01-01"'],
    ['timestamp', '2000-01-01 00:00:00.000', '2000-01-01 00:00:00', '"2000-01-01 00:00:00"'],
    ['timestamp', '2000-01-01 00:00:10.500', '2000-01-01 00:00:10.5', '"2000-01-01 00:00:10.5"'],
    ['timestamp', '2000-01-01 00:00:00', '2000-01-01 00:00:00', '"2000-01-01 00:00:00"'],
    ['timestamp with time zone', '2000-01-01 00:00:00.000 UTC', '2000-01-01 00:00:00+00', '"2000-01-01 00:00:00+00"'],
    ['varbinary', '62 00 ff', 'b\\x00\\xFF', '"b\\\\x00\\\\xFF"'],
    ['array', '[1, null, -2.5]', '[1, NULL, -2.5]', '[1,null,-2.5]'],
    ['array', '[]', '[]', '[]'],
    ['array', '[01, 2]', '[01, 2]', '"[01, 2]"'],
    ['array', '[a, null]', '[a, null]', '"[a, null]"'],
    ['row', '{x=1, y=null}', '{x=1, y=null}', '"{x=1, y=null}"'],
  ])('of type %s, %s, is shown as %s and is %s in JSON', (type, given, text, json) => {
    expect([textOfAthena(given, type), jsonOfAthena(given, type)]).toEqual([text, json]);
  });
});
