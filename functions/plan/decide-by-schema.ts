import { type Configuration, columnOptionsOf } from '../../shared/contract/configuration.ts';
import { ConfigurationError, SchemaMismatchError } from '../../shared/contract/errors.ts';
import type { ColumnDecision } from '../../shared/contract/model.ts';
import { componentName, normalizedName } from '../../shared/contract/names.ts';
import { suggestion } from '../../shared/contract/parse-configuration.ts';
import type { TopLevelColumn } from '../../shared/parquet/footer-types.ts';

/** A column that the fit must look at. */
export interface Candidate {
  column: TopLevelColumn;
  /** index of its only leaf */
  leaf: number;
}

/**
 * Split the columns into those whose type or configuration already decides and those that the fit must look at.
 *
 * @param folderNames columns that `k=v` folders add at the end
 * @param key the object whose schema this is, for errors
 * @throws {ConfigurationError} if the configuration names a column that is not there or cannot be normalized
 * @throws {SchemaMismatchError} if two columns of the output would have the same name
 */
export function decideBySchema(
  columns: readonly TopLevelColumn[],
  folderNames: readonly string[],
  configuration: Configuration,
  key: string,
): { columns: readonly TopLevelColumn[]; candidates: Candidate[]; decided: ColumnDecision[] } {
  const names = [...columns.map(({ name }) => name), ...folderNames];
  requireUnique(names, key);
  for (const name of Object.keys(configuration.columns)) requireColumn(name, names);
  const candidates: Candidate[] = [];
  const decided: ColumnDecision[] = [];
  for (const column of columns) {
    const { name, numeric, typeName, leafStart } = column;
    const { action } = columnOptionsOf(configuration, name);
    if (action === 'drop') decided.push({ name, action, reason: 'as configured' });
    else if (action === 'pass') decided.push({ name, action, reason: 'as configured' });
    else if (action === 'normalize' || (numeric && isMeasure(column))) {
      if (!numeric) {
        throw new ConfigurationError(
          `columns[${JSON.stringify(name)}] must be a number, decimal, date or timestamp to be normalized, it is ${typeName} in ${key}; "pass" it`,
        );
      }
      candidates.push({ column, leaf: leafStart });
    } else
      decided.push({
        name,
        action: 'pass',
        reason: numeric ? `${typeName} passes unless asked for` : `${typeName} is not a number`,
      });
  }
  if (candidates.length === 0 && folderNames.length === 0 && decided.every(({ action }) => action === 'drop')) {
    throw new ConfigurationError('columns must leave at least one column, every one of them is dropped');
  }
  for (const { column } of candidates) requireFreeNames(column.name, names, key);
  return { columns, candidates, decided };
}

/** Dates and timestamps are normalized only when asked for; so are the index columns pandas adds. */
function isMeasure({ name, numeric }: TopLevelColumn): boolean {
  return numeric?.kind !== 'date' && numeric?.kind !== 'timestamp' && !name.startsWith('__index_level_');
}

function requireUnique(names: readonly string[], key: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new SchemaMismatchError(
    `column names must be unique, ${JSON.stringify(twice)} occurs twice in ${key}; rename one of them`,
  );
}

function requireColumn(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new ConfigurationError(
    `columns[${JSON.stringify(name)}] must name a column of the dataset${suggestion(name, names) || `, it has ${names.slice(0, 20).join(', ')}`}`,
  );
}

function requireFreeNames(name: string, names: readonly string[], key: string): void {
  for (const taken of [normalizedName(name), componentName(name)]) {
    if (!names.includes(taken)) continue;
    throw new SchemaMismatchError(
      `column ${JSON.stringify(taken)} must not exist, normalizing ${JSON.stringify(name)} would write it (${key}); rename it, or pass ${JSON.stringify(name)}`,
    );
  }
}
