/** The numbers of a column, and what is asked of it; only setColumn() changes them. */
export let low: f64 = 0;
export let scale: f64 = 0;
export let reach: f64 = 0;
export let bound: f64 = 0;
export let far: f64 = 0;
/** 10^decimals, or 0 where the column has none */
export let power: f64 = 0;
export let isDrawn: bool = false;
export let isDouble: bool = false;
export let isFloatColumn: bool = false;
export let hasAtoms: bool = false;

/** The numbers of a column; its tables are laid into the memory beside. */
export function setColumn(
  gridLow: f64,
  gridScale: f64,
  largestKept: f64,
  largestStored: f64,
  largestNear: f64,
  decimalPower: f64,
  drawn: bool,
  double: bool,
  floatColumn: bool,
  atoms: bool,
): void {
  low = gridLow;
  scale = gridScale;
  reach = largestKept;
  bound = largestStored;
  far = largestNear;
  power = decimalPower;
  isDrawn = drawn;
  isDouble = double;
  isFloatColumn = floatColumn;
  hasAtoms = atoms;
}
