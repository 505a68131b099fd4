import { THRIFT, type ThriftField, type ThriftStruct, type ThriftValue } from './thrift.ts';

/** Short ways to write the fields of a Thrift struct. */
export const i8 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I8, value });
export const i16 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I16, value });
export const i32 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I32, value });
export const i64 = (id: number, value: number): ThriftField => ({ id, type: THRIFT.I64, value: BigInt(value) });
export const binary = (id: number, value: Uint8Array): ThriftField => ({ id, type: THRIFT.BINARY, value });
export const text = (id: number, value: string): ThriftField => binary(id, new TextEncoder().encode(value));
export const boolean = (id: number, value: boolean): ThriftField => ({
  id,
  type: value ? THRIFT.TRUE : THRIFT.FALSE,
  value,
});
export const struct = (id: number, ...fields: ThriftField[]): ThriftField => ({
  id,
  type: THRIFT.STRUCT,
  value: { fields },
});
export const structs = (id: number, values: ThriftStruct[]): ThriftField => ({
  id,
  type: THRIFT.LIST,
  value: { elementType: THRIFT.STRUCT, values },
});
export const list = (id: number, elementType: number, values: ThriftValue[]): ThriftField => ({
  id,
  type: THRIFT.LIST,
  value: { elementType, values },
});
