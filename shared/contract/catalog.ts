import { outputKeys, type RunReference } from './keys.ts';
import { RESULT_COLUMNS, type ResultTable } from './result-columns.ts';
import { runRecordColumns } from './run-record-columns.ts';

/** A column as the Glue API takes it; names are lower case, types are Hive's. */
export interface CatalogColumn {
  Name: string;
  Type: string;
}

/** Where files lie and how to read them, as the Glue API and CloudFormation take it. */
export interface StorageDescriptor {
  Columns: CatalogColumn[];
  Location: string;
  InputFormat: string;
  OutputFormat: string;
  SerdeInfo: { SerializationLibrary: string; Parameters?: Record<string, string> };
}

/** A table as the Glue API and CloudFormation take it ("TableInput"). */
export interface TableDefinition {
  Name: string;
  TableType: 'EXTERNAL_TABLE';
  Parameters: Record<string, string>;
  PartitionKeys: CatalogColumn[];
  StorageDescriptor: StorageDescriptor;
}

/** The tables that hold a partition a run. */
export const RESULT_TABLES = Object.keys(RESULT_COLUMNS) as ResultTable[];

/** The two databases of a deployment: one of its own tables, one of a table a dataset. Glue's names have no hyphen. */
export const databasesOf = (deployment: string) => {
  const name = deployment.replaceAll('-', '_');
  return { results: name, data: `${name}_data` };
};

const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

/** @param location `s3://bucket/prefix/` */
export const parquetStorage = (Columns: CatalogColumn[], location: string): StorageDescriptor => ({
  Columns,
  Location: location,
  ...PARQUET,
});

/** The storage of one run's partition of a table. */
export const partitionStorage = (table: ResultTable, run: RunReference, output: string): StorageDescriptor =>
  parquetStorage(columnsOf(table), `${output}${outputKeys[table](run)}`);

/**
 * The tables of a deployment that exist before any run: metrics, tasks and components get a partition a run when it is
 * committed; `runs` is the folder of run records, so a record is in the table as soon as it exists.
 *
 * @param output `s3://bucket/` of the output store
 */
export function resultTables(output: string): TableDefinition[] {
  const partitioned = RESULT_TABLES.map((table) => ({
    Name: table,
    TableType: 'EXTERNAL_TABLE' as const,
    Parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
    PartitionKeys: [
      { Name: 'dataset', Type: 'string' },
      { Name: 'run_id', Type: 'string' },
    ],
    StorageDescriptor: parquetStorage(columnsOf(table), `${output}${table}/`),
  }));
  return [...partitioned, runsTable(output)];
}

/** Its files lie one folder a dataset deep: Athena reads the folders below a table's location as well. */
const runsTable = (output: string): TableDefinition => ({
  Name: 'runs',
  TableType: 'EXTERNAL_TABLE',
  Parameters: { EXTERNAL: 'TRUE', classification: 'json' },
  PartitionKeys: [],
  StorageDescriptor: {
    Columns: runRecordColumns(),
    Location: `${output}${outputKeys.records}`,
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
  },
});

const columnsOf = (table: ResultTable): CatalogColumn[] =>
  Object.entries(RESULT_COLUMNS[table]).map(([Name, Type]) => ({ Name, Type }));
