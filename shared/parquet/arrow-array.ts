/** The parts of the Arrow C Data Interface's struct ArrowArray that a reader needs. */
export interface ArrowArray {
  length: number;
  /** -1 for unknown */
  nullCount: number;
  /** of the first value in the buffers, in elements */
  offset: number;
  /** addresses; 0 for a buffer that is left out */
  buffers: number[];
  /** addresses of ArrowArrays */
  children: number[];
}

/**
 * Read the struct ArrowArray as 32-bit WebAssembly lays it out: five int64, then pointers.
 *
 * @param address of the struct in the memory that `view` shows
 * @see https://arrow.apache.org/docs/format/CDataInterface.html
 */
export function readArrowArray(view: DataView, address: number): ArrowArray {
  const int64 = (at: number) => Number(view.getBigInt64(address + at, true));
  const pointers = (at: number, count: number) => {
    const list = view.getUint32(address + at, true);
    return Array.from({ length: count }, (_, i) => view.getUint32(list + 4 * i, true));
  };
  return {
    length: int64(0),
    nullCount: int64(8),
    offset: int64(16),
    buffers: pointers(40, int64(24)),
    children: pointers(44, int64(32)),
  };
}
