import { Template } from 'aws-cdk-lib/assertions';
import { resolveTemplate } from '../../support/resolve-template.ts';
import { makeStack, resourcesOf } from '../synthesized.ts';

export interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Retry?: object[];
  ItemProcessor?: { ProcessorConfig: object; States: Record<string, State> };
  [field: string]: unknown;
}
export interface Definition {
  StartAt: string;
  States: Record<string, State>;
}

/** The deployed state machine's definition, with every reference replaced, and the rest of its properties. */
export function resolvedStateMachine() {
  const [resource] = Object.values(
    resourcesOf(Template.fromStack(makeStack().stack), 'AWS::StepFunctions::StateMachine'),
  );
  const { DefinitionString, ...properties } = resolveTemplate(resource.Properties) as { DefinitionString: string };
  return { definition: JSON.parse(DefinitionString) as Definition, properties };
}

/** Every state, those inside maps included. */
export function allStates({ States }: Pick<Definition, 'States'>): [string, State][] {
  return Object.entries(States).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? allStates(state.ItemProcessor) : []),
  ]);
}
