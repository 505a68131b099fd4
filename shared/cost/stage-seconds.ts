import type { PlanHeader } from '../contract/stages.ts';
import type { Requests } from './stage-requests.ts';
import type { SweepVolume } from './sweep-volume.ts';

/** Memory at which Lambda gives one vCPU. */
const VCPU_MEGABYTES = 1769;

/**
 * What the work takes on one vCPU. CPU: as `npm run bench -- speeds` measured it on one core, a vCPU taken as one.
 * Network and start: assumed, no account has measured them for modemap.
 */
const SPEEDS = {
  /** to decode, apply, measure, summarise and encode one value: measured 97e-9 */
  secondsPerValue: 100e-9,
  /** to copy, hash and write one byte of a part: measured 1.7e-9, a disk's fsync included */
  secondsPerByteWritten: 1.8e-9,
  /** to decode a column's sample and fit it: measured 0.94 */
  secondsPerFit: 1,
  /** to parse a footer, to merge one column's summaries of one partition */
  secondsPerDocument: 0.001,
  /** of a request until its answer begins */
  secondsPerRequest: 0.03,
  /** Lambda does not say; 75 MB/s is the usual figure, not ours */
  networkBytesPerSecond: 70e6,
  /** of an environment until it is ready; billed too */
  startSeconds: 0.7,
};

/** Footers that the plan stage reads at the same time. */
const FOOTERS_AT_ONCE = 32;

/** Seconds that one vCPU computes and moves data, without what any invocation begins and asks with. */
export function sweepSeconds({ values, bytesRead, bytesWritten }: SweepVolume, memoryMegabytes: number): number {
  const cpu = values * SPEEDS.secondsPerValue + bytesWritten * SPEEDS.secondsPerByteWritten;
  return cpu * slowdown(memoryMegabytes) + (bytesRead + bytesWritten) / SPEEDS.networkBytesPerSecond;
}

/** Seconds that a stage's invocations take to begin and to wait for the answers of their requests, one by one. */
export function waitingSeconds(invocations: number, { gets, puts }: Requests): number {
  return invocations * SPEEDS.startSeconds + (gets + puts) * SPEEDS.secondsPerRequest;
}

/** Seconds of the plan stage: it waits for many footers at the same time. */
export function planSeconds(
  { objects, workload }: PlanHeader,
  { gets, puts }: Requests,
  memoryMegabytes: number,
): number {
  const others = { gets: gets - workload.footerReads, puts };
  const footers = (workload.footerReads / FOOTERS_AT_ONCE) * SPEEDS.secondsPerRequest;
  return waitingSeconds(1, others) + footers + objects * SPEEDS.secondsPerDocument * slowdown(memoryMegabytes);
}

/** Seconds to fit `columns` columns, all fit invocations together. */
export function fitSeconds(columns: number, bytesRead: number, memoryMegabytes: number): number {
  return columns * SPEEDS.secondsPerFit * slowdown(memoryMegabytes) + bytesRead / SPEEDS.networkBytesPerSecond;
}

/** Seconds to merge what the partitions left behind, all reduce invocations together. */
export function reduceSeconds(partitions: number, columns: number, memoryMegabytes: number): number {
  return partitions * (1 + columns) * SPEEDS.secondsPerDocument * slowdown(memoryMegabytes);
}

/** Seconds of a whole run on one core of this machine, where neither requests nor the network count. */
export function localSeconds(sweeps: readonly SweepVolume[], fits: number): number {
  const cpu = ({ values, bytesWritten }: SweepVolume) =>
    values * SPEEDS.secondsPerValue + bytesWritten * SPEEDS.secondsPerByteWritten;
  return SPEEDS.startSeconds + sweeps.reduce((sum, sweep) => sum + cpu(sweep), 0) + fits * SPEEDS.secondsPerFit;
}

/** Below one vCPU the work takes longer; above, one thread has no more than one. */
const slowdown = (memoryMegabytes: number) => Math.max(1, VCPU_MEGABYTES / memoryMegabytes);
