import { CreateDatabaseCommand, CreateTableCommand, type GlueClient } from '@aws-sdk/client-glue';
import type { GlueCatalogProps } from '../../functions/adapters/glue-catalog.ts';
import { resultTables, type TableDefinition } from '../../shared/contract/catalog.ts';

/** What the stack makes in Glue: both databases and the tables that are there before any run. */
export async function makeTables(
  client: GlueClient,
  { results, data, output }: GlueCatalogProps,
  tables: readonly TableDefinition[] = resultTables(output),
): Promise<void> {
  for (const Name of [results, data]) await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name } }));
  for (const TableInput of tables) {
    await client.send(new CreateTableCommand({ DatabaseName: results, TableInput }));
  }
}
