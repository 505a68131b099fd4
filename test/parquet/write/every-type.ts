/** A query with a column of every type that DuckDB can write, over rows of several row groups; needs DuckDB's dialect. */
export const EVERY_TYPE = `
  select i, (i % 100)::tinyint as i8, i::smallint as i16, i::integer as i32, (i % 200)::utinyint as u8, i::usmallint as u16,
    i::uinteger as u32, 18446744073709551615 - i::ubigint as u64, 9223372036854775807 - i as i64,
    (i / 7)::float as f, case when i % 11 = 0 then 'nan'::double when i % 13 = 0 then '-0'::double else i / 3 end as d,
    case when i % 4 > 0 then i / 3 end as nullable, (i / 8)::decimal(4, 1) as m4, (i / 8)::decimal(9, 3) as m9,
    (i / 8)::decimal(18, 3) as m18, (i / 8)::decimal(38, 10) as m38, i % 2 = 0 as flag,
    date '2000-01-01' + i::integer as day, time '00:00:01' + to_seconds(i) as clock,
    timestamp '2000-01-01' + to_microseconds(i) as us, (timestamp '2000-01-01' + to_seconds(i))::timestamp_ms as ms,
    make_timestamp_ns(i * 1001) as ns, (timestamp '2000-01-01' + to_days(i::integer))::timestamptz as tz,
    to_days(i::integer) as period, 'text ' || i as distinct_text, 'text ' || (i % 5) as few_texts,
    case when i % 3 > 0 then ('b' || i)::blob end as bytes,
    case i % 2 when 0 then 'a' else 'b' end::enum('a', 'b') as word,
    ('00000000-0000-0000-0000-' || lpad(i::varchar, 12, '0'))::uuid as id,
    case when i % 5 > 0 then range(i % 4) end as list, [[i], [], null, [null, i]] as nested,
    case when i % 6 > 0 then {'x': i, 'y': {'z': case when i % 7 > 0 then i::varchar end}} end as record,
    [{'k': i, 'v': ['a', null]}] as records, map {'one': i, 'two': null} as dictionary,
    null::integer as nothing
  from range(2100) t(i)`;
