/** Rows of a block at most. */
export const BLOCK_ROWS: i32 = 1024;

/*
 * Addresses, in bytes. Loops go over four rows at once, so the arrays of a block have room behind them.
 */
/** f64 [rows] and u8 [rows]: the block as it comes, 1 where there is a value */
export const RAW: i32 = 0x0000;
export const VALID: i32 = 0x2000;
/** i32 [finite]: where in the block the finite values were, and f64 [finite]: these */
export const ROWS: i32 = 0x2480;
export const FINITE: i32 = 0x3500;
/** u32 [finite] each: the draw, and the position in the grid */
export const WORDS: i32 = 0x5580;
export const POSITIONS: i32 = 0x6600;
/** u8 [finite], then [rows]: the number of the component; before it is settled, what the table says */
export const CODES: i32 = 0x7680;
/** f32 or f64 [finite], then [rows] */
export const NORMALIZED: i32 = 0x7b00;
/** f64 [finite]: |value - inverse of its pair as stored| */
export const ERRORS: i32 = 0x9b80;
/** i32: rows in no order */
export const PENDING: i32 = 0xbc00;
export const FAR: i32 = 0xcc80;
/** f64: sum of errors, of their squares; sum of x - first, of its square; largest error, least and largest x, two each */
export const SUMS: i32 = 0xdd00;
/** u32 [128] rows of each component, and room for as many */
export const COUNTS: i32 = 0xdd80;
/** f64 [128][2]: mean and standard deviation by number of the component; of an atom its value and 1 */
export const COMPONENTS: i32 = 0xe180;
/** u8 [128]: 1 for an atom */
export const IS_ATOM: i32 = 0xe980;
/** u8 [cells]: 0, or the place of the cell's only atom in the next two: f64 [128], not a number first, and u8 [128] */
export const ATOM_OF_CELL: i32 = 0xea00;
export const ATOMS: i32 = 0xf200;
export const ATOM_CODES: i32 = 0xf600;
/** u8 [128]: number of the component by position among the Gaussians */
export const CODE_OF_POSITION: i32 = 0xf680;
/** the grid: i32 [], f64 [cells + 1] */
export const GUIDE: i32 = 0xf700;
export const STARTS: i32 = 0x13700;
/** the second tier: i32 [cells], u8 [cells], u8 [cells] */
export const LINE_STARTS: i32 = 0x17800;
export const FIRST: i32 = 0x19800;
export const LAST: i32 = 0x1a000;
/** u8 [cells * 64], or [cells] for the likeliest component */
export const ENTRIES: i32 = 0x1a800;
/** f32 [] */
export const LINES: i32 = 0x3a800;
