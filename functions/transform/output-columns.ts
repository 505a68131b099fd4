import { columnOptionsOf } from '../../shared/contract/configuration.ts';
import type { Model } from '../../shared/contract/model.ts';
import { componentName, normalizedName } from '../../shared/contract/names.ts';
import type { ParquetFooter } from '../../shared/parquet/footer-types.ts';
import {
  componentColumn,
  folderColumn,
  normalizedColumn,
  type OutputColumn,
  splicedColumn,
} from '../../shared/parquet/write/output-columns.ts';
import type { FolderColumn } from '../../shared/partition/folder-columns.ts';

/** The columns of an output part: the input's in order, a normalized one replaced in place by its pair, folders last. */
export function outputColumnsOf(footer: ParquetFooter, model: Model, folders: readonly FolderColumn[]): OutputColumn[] {
  const models = new Map(model.columns.map((column) => [column.name, column]));
  const columns = footer.columns.flatMap((column): OutputColumn[] => {
    const { action, keepOriginal } = columnOptionsOf(model.options, column.name);
    if (action === 'drop') return [];
    const normalized = models.get(column.name);
    const original = splicedColumn(column, footer);
    if (!normalized) return [original];
    const pair = [
      normalizedColumn(normalizedName(column.name), normalized.precision),
      componentColumn(componentName(column.name)),
    ];
    return keepOriginal ? [original, ...pair] : pair;
  });
  return [...columns, ...folders.map(({ name }) => folderColumn(name))];
}
