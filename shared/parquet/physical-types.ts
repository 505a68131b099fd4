import type { PhysicalType } from './footer-types.ts';

/** Physical types, each at its number in the format. */
export const PHYSICAL_TYPES: readonly PhysicalType[] = [
  'BOOLEAN',
  'INT32',
  'INT64',
  'INT96',
  'FLOAT',
  'DOUBLE',
  'BYTE_ARRAY',
  'FIXED_LEN_BYTE_ARRAY',
];

/** Number of a physical type in the format. */
export const physicalCode = (type: PhysicalType): number => PHYSICAL_TYPES.indexOf(type);
