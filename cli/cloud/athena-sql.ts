import { RESULT_COLUMNS } from '../../shared/contract/result-columns.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { VIEW_NAMES, type ViewName } from '../run-views.ts';
import type { DeployedStack } from './find-stack.ts';

/** What Athena is sent: one line before the user's SQL, so that lines in its messages are off by that one. */
export const LINES_BEFORE = 1;

/** The views that a statement may mean: words outside of text and comments; one too many does no harm. */
export function viewsMeant(sql: string): ViewName[] {
  const words = new Set(
    sql
      .replace(/--[^\n]*|\/\*.*?\*\/|'(?:[^']|'')*'/gs, ' ')
      .toLowerCase()
      .match(/\w+/g),
  );
  return VIEW_NAMES.filter((view) => words.has(view));
}

/**
 * The user's SQL with the views of one run before it, as common table expressions over the catalog's tables.
 *
 * Views that are not named are left out: Athena looks up the tables of all of them.
 *
 * @param record of the run; its data is the dataset's table only while it is the current run
 */
export function athenaSql(sql: string, record: RunRecord, catalog: NonNullable<DeployedStack['catalog']>): string {
  const views = viewsMeant(sql).map((view) => `${view} AS (${selectOf(view, record, catalog)})`);
  if (views.length === 0) return `\n${sql}`;
  const own = /^((?:\s|--[^\n]*\n|\/\*.*?\*\/)*)(with(?:\s+recursive)?)\b/is.exec(sql);
  if (!own) return `WITH ${views.join(', ')}\n${sql}`;
  const [whole, before, keyword] = own;
  // as many characters as there were: columns in messages stay right
  const rest = `${before}${keyword.replace(/\S/g, ' ')}${sql.slice(whole.length)}`;
  return `WITH${/recursive/i.test(keyword) ? ' RECURSIVE' : ''} ${views.join(', ')},\n${rest}`;
}

function selectOf(
  view: ViewName,
  { dataset_id, run_id }: RunRecord,
  { resultsDatabase, dataDatabase }: NonNullable<DeployedStack['catalog']>,
): string {
  if (view === 'data') return `SELECT * FROM ${name(dataDatabase)}.${name(dataset_id)}`;
  const ofRun = `run_id = ${text(run_id)}`;
  if (view === 'run')
    return `SELECT * FROM ${name(resultsDatabase)}."runs" WHERE dataset_id = ${text(dataset_id)} AND ${ofRun}`;
  // the columns of the files, without those that tell runs apart: the views of a run on this machine have no others
  const columns = Object.keys(RESULT_COLUMNS[view]).map(name).join(', ');
  return `SELECT ${columns} FROM ${name(resultsDatabase)}.${name(view)} WHERE dataset = ${text(dataset_id)} AND ${ofRun}`;
}

const name = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`;
const text = (value: string) => `'${value.replaceAll("'", "''")}'`;
