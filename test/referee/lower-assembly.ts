import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { node24 } from '../support/node24.ts';

const bootstrap = fileURLToPath(new URL('../support/lambda-bootstrap.mjs', import.meta.url));

/** What the emulator takes from the template only as a number. */
export interface MapLiterals {
  maxConcurrency: number;
  toleratedFailureCount: number;
}

interface Statement {
  Effect: string;
  Condition?: { Bool?: Record<string, string> };
}
interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/**
 * Copy a synthesized assembly and change what the emulator cannot do, nothing else:
 *
 * - functions run on a custom runtime that starts Node 24, for the emulator names every error of its own Node runtime
 *   `Runtime.HandlerError`, and retries go by the name;
 * - the maps' concurrency and tolerance become numbers, for it ignores paths;
 * - statements that refuse HTTP go, for HTTP is all it speaks;
 * - saved queries go, which it does not know: nothing that runs asks for them;
 * - the roles of the deployment itself go, for it is the emulator's only user who deploys.
 *
 * @throws {Error} if something to be changed is not there: the synthesized stack is not what this was written for
 */
export function lowerAssembly(from: string, to: string, stack: string, literals: MapLiterals): void {
  rmSync(to, { recursive: true, force: true });
  // .cache would hold zips of the assets as they were
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.cache') });
  for (const name of readdirSync(to)) if (name.startsWith('asset.')) writeBootstrap(join(to, name));
  edit<Template>(join(to, `${stack}.template.json`), (template) => lowerTemplate(template, literals));
  edit(join(to, 'manifest.json'), withoutRoles);
  edit(join(to, `${stack}.assets.json`), withoutRoles);
}

function writeBootstrap(asset: string): void {
  writeFileSync(join(asset, 'bootstrap'), `#!/bin/sh\nexec '${node24}' '${bootstrap}'\n`, { mode: 0o755 });
}

function lowerTemplate(template: Template, literals: MapLiterals): Template {
  const found = { functions: 0, policies: 0, machines: 0 };
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::Lambda::Function') {
      Properties.Runtime = 'provided.al2023';
      found.functions++;
    }
    if (/^AWS::(S3::Bucket|SQS::Queue|SNS::Topic)Policy$/.test(Type)) {
      const document = Properties.PolicyDocument as { Statement: Statement[] };
      document.Statement = document.Statement.filter((statement) => !refusesHttp(statement));
      found.policies++;
    }
    if (Type === 'AWS::StepFunctions::StateMachine') {
      Properties.DefinitionString = withLiterals(Properties.DefinitionString, literals);
      found.machines++;
    }
  }
  for (const [what, count] of Object.entries(found)) if (count === 0) throw new Error(`the template must have ${what}`);
  // a policy must say something
  const kept = Object.entries(template.Resources).filter(
    ([, { Type, Properties }]) => Type !== 'AWS::Athena::NamedQuery' && !isEmptyPolicy(Properties),
  );
  return { ...template, Resources: Object.fromEntries(kept) };
}

const refusesHttp = ({ Effect, Condition }: Statement) =>
  Effect === 'Deny' && Condition?.Bool?.['aws:SecureTransport'] === 'false';

const isEmptyPolicy = ({ PolicyDocument }: Record<string, unknown>) =>
  (PolicyDocument as { Statement?: unknown[] } | undefined)?.Statement?.length === 0;

/** The definition is a join of texts and references. */
function withLiterals(definition: unknown, { maxConcurrency, toleratedFailureCount }: MapLiterals): unknown {
  const text = JSON.stringify(definition);
  const lowered = text
    .replaceAll('\\"MaxConcurrencyPath\\":\\"$.maxConcurrency\\"', `\\"MaxConcurrency\\":${maxConcurrency}`)
    .replaceAll(
      '\\"ToleratedFailureCountPath\\":\\"$.toleratedFailureCount\\"',
      `\\"ToleratedFailureCount\\":${toleratedFailureCount}`,
    );
  const paths = lowered.match(/MaxConcurrencyPath|ToleratedFailure\w*Path/g) ?? [];
  if (lowered === text || paths.length > 0) throw new Error(`the maps must have paths that are known, got ${paths}`);
  return JSON.parse(lowered);
}

/** The assembly's description without the roles that the command would assume. */
function withoutRoles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRoles);
  if (typeof value !== 'object' || value === null) return value;
  const roles = ['assumeRoleArn', 'cloudFormationExecutionRoleArn', 'lookupRole'];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !roles.includes(name))
      .map(([name, item]) => [name, withoutRoles(item)]),
  );
}

function edit<Document>(path: string, change: (document: Document) => unknown): void {
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))), null, 1));
}
