import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { readContext } from '../../infra/context.ts';
import { ModemapStack } from '../../infra/modemap-stack.ts';
import { STAGES } from '../../shared/contract/environment.ts';
import { resolveTemplate } from '../support/resolve-template.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What users deploy with: the context of cdk.json. */
export const cdkContext: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;

/** The stack as cdk.json describes it, with given changes; the code of its functions is a line each. */
export function makeStack(context: Record<string, unknown> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'modemap-infra-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const bundles = join(folder, 'functions');
  for (const stage of STAGES) {
    mkdirSync(join(bundles, stage), { recursive: true });
    writeFileSync(join(bundles, stage, 'index.mjs'), `export const handler = async () => '${stage}';\n`);
  }
  const app = new App({ context: { ...cdkContext, ...context }, outdir: join(folder, 'cdk.out') });
  const read = readContext(app);
  const stack = new ModemapStack(app, read.name, { context: read, bundles });
  return { app, stack, outdir: join(folder, 'cdk.out') };
}

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  Metadata?: Record<string, unknown>;
}

/** Resources of one type in a template, by logical id. */
export function resourcesOf(template: Template, type: string): Record<string, Resource> {
  return template.findResources(type) as Record<string, Resource>;
}

/** Properties of the resources of one type, references resolved, by logical id without its hash. */
export function resolvedResources(template: Template, type: string): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(resourcesOf(template, type)).map(([id, { Properties }]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      resolveTemplate(Properties) as Record<string, unknown>,
    ]),
  );
}
