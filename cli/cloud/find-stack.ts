import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { nameOf } from '../../functions/adapters/s3-errors.ts';
import { ConfigurationError } from '../../shared/contract/errors.ts';
import { CATALOG_OUTPUTS, STACK_OUTPUTS } from '../../shared/contract/stack-outputs.ts';
import { askAws } from './aws-errors.ts';

/** What was deployed, by the names that AWS gave it. */
export interface DeployedStack extends Record<keyof typeof STACK_OUTPUTS, string> {
  name: string;
  /** where SQL is sent; undefined: the stack has no catalog */
  catalog: Record<keyof typeof CATALOG_OUTPUTS, string> | undefined;
}

/**
 * Find the deployed stack by its outputs.
 *
 * @throws {ConfigurationError} if there is none of that name in the Region, or it is not one of ours
 */
export async function findStack(client: CloudFormationClient, name: string): Promise<DeployedStack> {
  const stack = await findStackIfThere(client, name);
  if (stack) return stack;
  throw new ConfigurationError(
    `stack ${name} must be deployed in ${await client.config.region()}, it is not there; deploy it (npx cdk deploy), set AWS_REGION, or name another with --stack`,
  );
}

/** Like {@link findStack}, or undefined where none of that name exists. */
export async function findStackIfThere(client: CloudFormationClient, name: string): Promise<DeployedStack | undefined> {
  const outputs = await askAws(`describing stack ${name}`, () => outputsOf(client, name));
  if (!outputs) return undefined;
  const required = (id: string) => {
    const value = outputs.get(id);
    if (value) return value;
    throw new ConfigurationError(`stack ${name} must be a modemap stack that is deployed, it has no output ${id}`);
  };
  return {
    name,
    ...mapValues(STACK_OUTPUTS, required),
    catalog: Object.values(CATALOG_OUTPUTS).every((id) => outputs.has(id))
      ? mapValues(CATALOG_OUTPUTS, required)
      : undefined,
  };
}

async function outputsOf(client: CloudFormationClient, name: string): Promise<Map<string, string> | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (Stacks.length === 0) return undefined;
    return new Map((Stacks[0].Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    // "Stack with id ... does not exist" has no name of its own
    if (nameOf(error) === 'ValidationError' && /does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

function mapValues<K extends string>(ids: Record<K, string>, value: (id: string) => string): Record<K, string> {
  const entries = Object.entries<string>(ids).map(([key, id]) => [key, value(id)]);
  return Object.fromEntries(entries) as Record<K, string>;
}
