import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Accept findings of cdk-nag about a construct and what is in it.
 *
 * @param findings exact finding id -> why it is right here
 */
export function acknowledge(scope: Construct, findings: Record<string, string>): void {
  for (const [id, reason] of Object.entries(findings)) Validations.of(scope).acknowledge({ id, reason });
}

/**
 * Accept findings of checkov about a construct's own resource; checkov reads them from the template.
 *
 * @param findings check id -> why it is right here
 */
export function acknowledgeCheckov(construct: Construct, findings: Record<string, string>): void {
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnResource.isCfnResource(resource)) throw new TypeError(`${construct.node.path} must have a resource`);
  const earlier = (resource.getMetadata('checkov') as { skip: object[] } | undefined)?.skip ?? [];
  const skip = Object.entries(findings).map(([id, comment]) => ({ id, comment }));
  resource.addMetadata('checkov', { skip: [...earlier, ...skip] });
}

/**
 * Accept that a policy names a resource with `*`.
 *
 * @param arn as the policy has it, tokens and all
 */
export function acknowledgeWildcard(scope: Construct, arn: string, reason: string): void {
  const id = flat(Stack.of(scope).resolve(arn));
  acknowledge(scope, { [`AwsSolutions-IAM5[Resource::${id}]`]: reason });
}

type Reference = string | { Ref: string } | { 'Fn::GetAtt': string[] } | { 'Fn::Join': [string, Reference[]] };

/** How cdk-nag writes a resolved ARN in the id of a finding. */
function flat(reference: Reference): string {
  if (typeof reference === 'string') return reference;
  if ('Ref' in reference) return `<${reference.Ref}>`;
  if ('Fn::GetAtt' in reference) return `<${reference['Fn::GetAtt'].join('.')}>`;
  const [delimiter, items] = reference['Fn::Join'];
  return items.map(flat).join(delimiter);
}
