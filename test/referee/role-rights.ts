import { GetRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { STAGES, type Stage } from '../../shared/contract/environment.ts';
import { clientOptions, type EmulatedAws } from '../support/emulator-process.ts';
import type { Outputs } from './cdk.ts';

/** One action on one resource, as a function's role grants it. */
export interface Right {
  stage: Stage;
  action: string;
  arn: string;
  /** for people: `s3:GetObject work/*\/*\/plan.json`, the buckets by what they are for */
  name: string;
}

interface Statement {
  Action: string | string[];
  Resource: string | string[];
}
interface Policy {
  Statement: Statement[];
}
interface Role {
  stage: Stage;
  RoleName: string;
  policy: Policy;
}

/** The inline policy of every role; infra/permission.ts names it. */
const POLICY = 'Exactly';

/** What the roles of the deployed functions may do, and the means to take it from them. */
export class RoleRights {
  readonly #iam: IAMClient;
  readonly #roles: Role[];
  readonly #buckets: Record<string, string>;

  private constructor(iam: IAMClient, roles: Role[], { inputBucket, workBucket, outputBucket }: Outputs) {
    this.#iam = iam;
    this.#roles = roles;
    this.#buckets = { input: inputBucket, work: workBucket, output: outputBucket };
  }

  static async open(aws: EmulatedAws, outputs: Outputs): Promise<RoleRights> {
    const iam = new IAMClient(clientOptions(aws));
    const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
    const roles = STAGES.map(async (stage) => {
      const logical = `Stages${stage.charAt(0).toUpperCase()}${stage.slice(1)}Role`;
      const RoleName = Roles.find((role) => role.RoleName?.includes(logical))?.RoleName;
      if (RoleName === undefined) throw new Error(`the ${stage} function must have a role ${logical}`);
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: POLICY }));
      return { stage, RoleName, policy: JSON.parse(decodeURIComponent(PolicyDocument)) as Policy };
    });
    return new RoleRights(iam, await Promise.all(roles), outputs);
  }

  /** Every right of every function, in the order of the stages. */
  all(): Right[] {
    return this.#roles.flatMap(({ stage, policy }) =>
      policy.Statement.flatMap(({ Action, Resource }) =>
        [Action]
          .flat()
          .flatMap((action) =>
            [Resource].flat().map((arn) => ({ stage, action, arn, name: `${action} ${this.#readable(arn)}` })),
          ),
      ),
    );
  }

  /** Take a right out of its role for as long as something is tried. */
  async without<Result>({ stage, action, arn }: Right, attempt: () => Promise<Result>): Promise<Result> {
    const role = this.#roles.find((candidate) => candidate.stage === stage)!;
    await this.#put(role, {
      ...role.policy,
      Statement: role.policy.Statement.flatMap((one) => less(one, action, arn)),
    });
    try {
      return await attempt();
    } finally {
      await this.#put(role, role.policy);
    }
  }

  close(): void {
    this.#iam.destroy();
  }

  async #put({ RoleName }: Role, policy: Policy): Promise<void> {
    const PolicyDocument = JSON.stringify(policy);
    await this.#iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY, PolicyDocument }));
  }

  #readable(arn: string): string {
    for (const [role, bucket] of Object.entries(this.#buckets)) {
      const named = arn.replace(`arn:aws:s3:::${bucket}`, role);
      if (named !== arn) return named;
    }
    // what CloudFormation adds to a name says nothing
    return arn.replace(/^arn:aws:(\w+):.*?:\d*:/, '$1:').replace(/[0-9A-F]{8}-.*$/, '');
  }
}

/** A statement without one action on one resource: up to two statements, one for each that is left. */
function less(statement: Statement, action: string, arn: string): Statement[] {
  const [actions, resources] = [[statement.Action].flat(), [statement.Resource].flat()];
  if (!actions.includes(action) || !resources.includes(arn)) return [statement];
  const others = actions.filter((other) => other !== action);
  const rest = resources.filter((other) => other !== arn);
  return [
    ...(others.length > 0 ? [{ ...statement, Action: others, Resource: resources }] : []),
    ...(rest.length > 0 ? [{ ...statement, Action: [action], Resource: rest }] : []),
  ];
}
