import type { Command } from 'commander';
import type { House } from '../functions/housekeeping/ports.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { DEFAULT_STACK_NAME } from '../shared/contract/stack-outputs.ts';
import { openLocalHouse } from './local-house.ts';

/** Where runs are kept, opened for one command. */
export interface OpenHouse {
  house: House;
  /** as the user names it */
  name: string;
  /** what is removed without its versions can be had back for a while */
  keepsVersions: boolean;
  close(): Promise<void>;
}

/** Beside the output bucket: what else a deployment has of a run. */
export interface CloudFlags {
  stack?: string;
  work?: string;
  stateMachine?: string;
}

/** What the command is going to do: read records, look at all there is, or change it, which one may do at a time. */
export type Access = 'records' | 'look' | 'change';

export const addCloudFlags = (command: Command) =>
  command
    .option('--stack <NAME>', `with s3://: the deployed stack (default: ${DEFAULT_STACK_NAME}); it says all of this:`)
    .option('--work <s3://BUCKET>', 'with s3://: the work bucket')
    .option('--state-machine <ARN>', 'with s3://: the state machine, which is asked for runs under way');

/**
 * Open the output of runs: a folder of this machine, or `s3://BUCKET` with what belongs to it.
 *
 * @throws {ConfigurationError} if it is no output, or a flag is missing
 * @throws {RunInProgressError} if it is to be changed and another command writes to it
 */
export async function openHouse(place: string, flags: CloudFlags, access: Access): Promise<OpenHouse> {
  if (!place.startsWith('s3://')) {
    const unfit = flags.stack ? '--stack' : flags.work ? '--work' : flags.stateMachine ? '--state-machine' : undefined;
    if (unfit) throw new ConfigurationError(`${unfit} goes with an output in s3://, got the folder ${place}`);
    return openLocalHouse(place, access);
  }
  // most commands never meet the cloud: its client is loaded when it is needed
  const { openS3House } = await import('./s3-house.ts');
  return openS3House(place, flags, access);
}
