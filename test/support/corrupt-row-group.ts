import { parquetMetadata } from 'hyparquet';

/** A copy of a Parquet file whose footer is right and in which one row group's first column is noise. */
export function corruptRowGroup(bytes: Uint8Array, rowGroup: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const { row_groups } = parquetMetadata(copy.buffer);
  const { dictionary_page_offset, data_page_offset, total_compressed_size } =
    row_groups[rowGroup].columns[0].meta_data!;
  const start = Number(dictionary_page_offset ?? data_page_offset);
  return copy.fill(0xff, start, start + Number(total_compressed_size));
}
