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
  /** to decode, apply, measure, summarise and encode one value */
  secondsPerValue: 60e-9,
  /** to copy, hash and write one byte of a part, a disk's fsync included */
  secondsPerByteWritten: 2.2e-9,
  /** to finish, score and write one column's summary of one partition */
  secondsPerSummary: 0.009,
  /** to decode a byte of the sampled row groups and take every so many rows of it */
  secondsPerSampledByte: 2.9e-9,
  /** to bin a column's sample and fit it */
  secondsPerFit: 0.35,
  /** to merge a column's summaries and look back */
  secondsPerLookBack: 0.08,
  /** to parse a footer, to merge one column's summaries of one partition */
  secondsPerDocument: 0.001,
  /** of a request until its answer begins */
  secondsPerRequest: 0.03,
  /** Lambda does not say; 75 MB/s is the usual figure, not ours */
  networkBytesPerSecond: 70e6,
  /** of an environment until it is ready; billed too */
  startSeconds: 0.7,
  /** of a command on one machine: to start, list, plan and commit */
  localStartSeconds: 0.5,
};

/** Footers that the plan stage reads at the same time. */
const FOOTERS_AT_ONCE = 32;

/** Seconds that one vCPU computes and moves data, without what any invocation begins and asks with. */
export function sweepSeconds(volume: SweepVolume, memoryMegabytes: number): number {
  const { bytesRead, bytesWritten } = volume;
  const moving = (bytesRead + bytesWritten) / SPEEDS.networkBytesPerSecond;
  return computingSeconds(volume) * slowdown(memoryMegabytes) + moving;
}

const computingSeconds = ({ values, bytesWritten, summaries }: SweepVolume) =>
  values * SPEEDS.secondsPerValue + bytesWritten * SPEEDS.secondsPerByteWritten + summaries * SPEEDS.secondsPerSummary;

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

/** Seconds to fit `columns` columns to their sample of so many decoded bytes, all fit invocations together. */
export function fitSeconds(columns: number, sampleBytes: number, memoryMegabytes: number): number {
  return fittingSeconds(columns, sampleBytes) * slowdown(memoryMegabytes) + sampleBytes / SPEEDS.networkBytesPerSecond;
}

const fittingSeconds = (columns: number, sampleBytes: number) =>
  columns * SPEEDS.secondsPerFit + sampleBytes * SPEEDS.secondsPerSampledByte;

/** Seconds to look back at `columns` columns, all invocations together. */
export function lookBackSeconds(columns: number, memoryMegabytes: number): number {
  return columns * SPEEDS.secondsPerLookBack * slowdown(memoryMegabytes);
}

/** Seconds to merge what the partitions left behind, all reduce invocations together. */
export function reduceSeconds(partitions: number, columns: number, memoryMegabytes: number): number {
  return partitions * (1 + columns) * SPEEDS.secondsPerDocument * slowdown(memoryMegabytes);
}

/** Seconds of a whole run on one core of this machine, where neither requests nor the network count. */
export function localSeconds({ sweeps, fitted, sampleBytes, lookedBack }: LocalWork): number {
  const swept = sweeps.reduce((sum, sweep) => sum + computingSeconds(sweep), 0);
  const fit = fittingSeconds(fitted, sampleBytes) + lookedBack * SPEEDS.secondsPerLookBack;
  return SPEEDS.localStartSeconds + fit + swept;
}

/** What a run on one machine does. */
interface LocalWork {
  sweeps: readonly SweepVolume[];
  /** columns fitted to the sample */
  fitted: number;
  /** decoded */
  sampleBytes: number;
  /** columns whose summaries of all rows are looked at */
  lookedBack: number;
}

/** Below one vCPU the work takes longer; above, one thread has no more than one. */
const slowdown = (memoryMegabytes: number) => Math.max(1, VCPU_MEGABYTES / memoryMegabytes);
