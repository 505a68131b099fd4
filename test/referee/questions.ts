import type { CatalogColumn } from '../../shared/contract/catalog.ts';
import { quoted, sameQuestion } from '../support/engine-values.ts';

/** A question in two dialects; where all is well the answers are equal. */
export interface Question {
  view: string;
  /** what is asked of it */
  what: string;
  trino: string;
  duckdb: string;
}

/** Whole rows of the data that are compared; of the others, what they sum up to. */
const ROWS = 300;

/** Of tasks and record: what does not depend on the machine or on the time. */
const OF_TASKS = 'pass, partition, first_object, first_row, objects, rows, bytes_written';
const OF_RECORD = `dataset, dataset_id, status, objects, rows, bytes_in, bytes_out, partitions, failed_partitions, passes,
  configuration`;

/** Questions about all that a run of a dataset has. */
export function questionsOf(columns: readonly CatalogColumn[]): Question[] {
  return [
    ofBoth('data', 'sums over all rows', () => `select count(*) as rows, ${columns.flatMap(sums)} from data`),
    ofBoth('data', `the first ${ROWS} rows`, (engine) => {
      const list = columns.map(({ Name, Type }, i) => `${sameQuestion(Name, Type)[engine]} as c${i}`);
      return `select ${list} from data order by ${columns.map(({ Name }) => quoted(Name))} limit ${ROWS}`;
    }),
    ofBoth('metrics', 'everything', () => 'select * from metrics order by "column", partition'),
    ofBoth('tasks', 'what was done, not how fast', () => `select ${OF_TASKS} from tasks order by pass, partition`),
    ofBoth('components', 'everything', () => 'select * from components order by column_name, component'),
    ofBoth('runs', 'everything but names and times', (engine) => {
      const nested = ['columns', 'audit'].map((name) => `${sameQuestion(name, 'array<struct>')[engine]} as ${name}`);
      return `select ${OF_RECORD}, ${nested} from run`;
    }),
  ];
}

type Engine = 'trino' | 'duckdb';

const ofBoth = (view: string, what: string, sql: (engine: Engine) => string): Question => ({
  view,
  what,
  trino: sql('trino'),
  duckdb: sql('duckdb'),
});

/** What a column comes to, exactly, in any order of its rows. */
function sums({ Name, Type }: CatalogColumn): string[] {
  const column = quoted(Name);
  const named = (what: string, expression: string) => `${expression} as ${quoted(`${what} of ${Name}`)}`;
  const count = named('count', `count(${column})`);
  if (/^(tinyint|smallint|int|bigint)$/.test(Type)) return [count, named('sum', `sum(cast(${column} as bigint))`)];
  if (/^(float|double)$/.test(Type)) {
    return [count, named('millionths', `sum(cast(round(cast(${column} as double) * 1000000) as bigint))`)];
  }
  if (Type === 'string') return [count, named('smallest', `min(${column})`), named('largest', `max(${column})`)];
  return [count];
}
