import type { TrinoType } from './trino-client.ts';

/**
 * A value as the text that Athena gives: nested values as Java prints them, without quotes; bytes in hex.
 *
 * @param value of Trino's JSON, numbers as text
 * @see https://github.com/laughingman7743/PyAthena, pyathena/converter.py: what reads these texts
 */
export function athenaText(value: unknown, type: TrinoType): string {
  if (value === null) return 'null';
  const { rawType } = type;
  if (rawType === 'array') {
    const [item] = typesIn(type);
    return `[${(value as unknown[]).map((element) => athenaText(element, item)).join(', ')}]`;
  }
  if (rawType === 'map') {
    const [, item] = typesIn(type);
    const entries = Object.entries(value as object).map(([key, element]) => `${key}=${athenaText(element, item)}`);
    return `{${entries.join(', ')}}`;
  }
  if (rawType === 'row') {
    const types = typesIn(type);
    const fields = (value as unknown[]).map((field, i) => `${types[i].name}=${athenaText(field, types[i])}`);
    return `{${fields.join(', ')}}`;
  }
  if (rawType === 'varbinary')
    return Buffer.from(String(value), 'base64')
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
  return String(value);
}

/** The name of a type in a result's metadata, where types have no parameters. */
export const athenaType = ({ rawType }: TrinoType) => (rawType === 'real' ? 'float' : rawType);

/** The types of what is inside of a nested value; fields of a row have names. */
function typesIn({ arguments: inner }: TrinoType): (TrinoType & { name?: string })[] {
  return inner.map(({ kind, value }) => {
    if (kind === 'TYPE') return value as TrinoType;
    const { fieldName, typeSignature } = value as { fieldName?: { name: string }; typeSignature: TrinoType };
    return { ...typeSignature, name: fieldName?.name };
  });
}
