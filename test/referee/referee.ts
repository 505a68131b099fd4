import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Emulator, launchEmulator } from '../support/emulator-process.ts';
import { bootstrap, deploy } from './cdk.ts';
import { Deployment } from './deployment.ts';
import { lowerAssembly } from './lower-assembly.ts';
import { bundleHandlers, synthesize } from './synthesize.ts';

/** Two cores take no more transforms at once, each a process. */
const MAX_CONCURRENCY = 4;
/** Datasets of the referee are dropped by one hand: what is quiet for a second is complete. */
const SETTLE_SECONDS = 1;

export interface StackOptions {
  name?: string;
  toleratedFailureCount?: number;
  /** changes what the bundles hold before they are deployed */
  change?: (stage: string, code: string) => string;
}

export interface Prepared {
  assembly: string;
  stack: string;
}

/** An account of its own, rights enforced, into which the stack is deployed by the CDK's own command. */
export class Referee {
  readonly emulator: Emulator;
  readonly #folder: string;
  #assemblies = 0;

  private constructor(emulator: Emulator, folder: string) {
    this.emulator = emulator;
    this.#folder = folder;
  }

  static async open(): Promise<Referee> {
    const folder = mkdtempSync(join(tmpdir(), 'modemap-referee-'));
    bundleHandlers(join(folder, 'bundles'));
    const emulator = await launchEmulator({ enforcesRights: true });
    await bootstrap(emulator.aws);
    return new Referee(emulator, folder);
  }

  /** Synthesize the stack and lower a copy of it. */
  prepare({ name = 'modemap', toleratedFailureCount = 0, change }: StackOptions = {}): Prepared {
    const own = join(this.#folder, String(this.#assemblies++));
    const bundles = change ? this.#changed(join(own, 'bundles'), change) : this.#bundles;
    const stack = synthesize(bundles, join(own, 'cdk.out'), { name, settleSeconds: SETTLE_SECONDS });
    const assembly = join(own, 'lowered');
    lowerAssembly(join(own, 'cdk.out'), assembly, stack, { maxConcurrency: MAX_CONCURRENCY, toleratedFailureCount });
    return { assembly, stack };
  }

  /** Deploy what was prepared; a second time under the same name: change what is deployed. */
  async deploy({ assembly, stack }: Prepared = this.prepare()): Promise<Deployment> {
    return new Deployment(this.emulator.aws, await deploy(this.emulator.aws, assembly, stack));
  }

  close(): void {
    this.emulator.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #changed(to: string, change: (stage: string, code: string) => string): string {
    cpSync(this.#bundles, to, { recursive: true });
    for (const stage of readdirSync(to)) {
      const path = join(to, stage, 'index.mjs');
      writeFileSync(path, change(stage, readFileSync(path, 'utf8')));
    }
    return to;
  }

  get #bundles(): string {
    return join(this.#folder, 'bundles');
  }
}
