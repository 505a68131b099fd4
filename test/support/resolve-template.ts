/** Values of references that are not what {@link resolveTemplate} would write for them. */
export type Values = Record<string, string>;

/**
 * Replace what CloudFormation would replace at deployment by readable text: a resource by its logical id without the
 * hash, an attribute by `<id>.<attribute>` (an ARN by the id alone), pseudo parameters by fixed values.
 *
 * @throws {RangeError} on an intrinsic function it does not know: nothing is passed over in silence
 */
export function resolveTemplate(value: unknown, values: Values = {}): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveTemplate(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) return intrinsic(name, argument, values);
  return Object.fromEntries(entries.map(([key, item]) => [key, resolveTemplate(item, values)]));
}

const PSEUDO: Values = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

function intrinsic(name: string, argument: unknown, values: Values): string {
  switch (name) {
    case 'Ref': {
      const id = argument as string;
      return values[id] ?? PSEUDO[id] ?? withoutHash(id);
    }
    case 'Fn::GetAtt': {
      const [id, attribute] = argument as [string, string];
      const known = values[`${id}.${attribute}`];
      return known ?? (attribute === 'Arn' ? withoutHash(id) : `${withoutHash(id)}.${attribute}`);
    }
    case 'Fn::Join': {
      const [delimiter, items] = argument as [string, unknown[]];
      return items.map((item) => resolveTemplate(item, values)).join(delimiter);
    }
    case 'Fn::Sub':
      return (argument as string).replace(/\$\{([^}]+)\}/g, (_, id: string) => intrinsic('Ref', id, values));
    default:
      throw new RangeError(`an intrinsic function must be Ref, GetAtt, Join or Sub, got ${name}`);
  }
}

/** The CDK ends logical ids in eight hex digits. */
const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '');
