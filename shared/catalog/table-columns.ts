import type { CatalogColumn } from '../contract/catalog.ts';
import type { OmittedColumn } from '../contract/run-record.ts';
import type { ParquetFooter } from '../parquet/footer-types.ts';
import { schemaTree } from '../parquet/schema-tree.ts';
import { hiveTypeOf } from './hive-type.ts';

/** Glue's own bounds of a name and of a type. */
const NAME_CHARACTERS = 255;
const TYPE_CHARACTERS = 131_072;
/** Glue's single-line text: no control character but the tab. */
const SINGLE_LINE = /^[\t\u0020-\uFFFD]+$/;

/**
 * The columns of a table over output parts, and those that it cannot have. Names are lower case: the engine compares
 * them so.
 *
 * @param footer of any part of the run
 * @see https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-catalog-tables.html#aws-glue-api-catalog-tables-Column
 */
export function tableColumns(footer: ParquetFooter): { columns: CatalogColumn[]; omitted: OmittedColumn[] } {
  const columns: CatalogColumn[] = [];
  const omitted: OmittedColumn[] = [];
  const timesUsed = new Map<string, number>();
  for (const { name } of footer.columns) timesUsed.set(lower(name), (timesUsed.get(lower(name)) ?? 0) + 1);
  for (const column of footer.columns) {
    const { name } = column;
    const type = hiveTypeOf(schemaTree(column, footer));
    const refusal = timesUsed.get(lower(name)) === 1 ? nameRefusal(name) : 'its name differs from another only in case';
    if (refusal) omitted.push({ name, reason: refusal });
    else if ('reason' in type) omitted.push({ name, reason: type.reason });
    else if (type.type.length > TYPE_CHARACTERS) omitted.push({ name, reason: 'its type is too long for Glue' });
    else columns.push({ Name: lower(name), Type: type.type });
  }
  return { columns, omitted };
}

const lower = (name: string) => name.toLowerCase();

function nameRefusal(name: string): string | undefined {
  if (lower(name).length > NAME_CHARACTERS) return `its name has more than ${NAME_CHARACTERS} characters`;
  return SINGLE_LINE.test(name) ? undefined : 'its name is empty or holds control characters';
}
