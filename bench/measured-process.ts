import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process has used. */
export interface Measured {
  /** wall clock */
  seconds: number;
  cpuSeconds: number;
  /** the high-water mark of its resident memory */
  peakMegabytes: number;
}

/** Run a command to its end and measure it (Linux). */
export async function measuredProcess(
  command: string,
  args: readonly string[],
  stdout: 'inherit' | 'ignore' = 'inherit',
): Promise<Measured> {
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['inherit', stdout, 'inherit'] });
  let peakMegabytes = 0;
  let cpuSeconds = 0;
  const timer = setInterval(() => {
    try {
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      // a process that has ended has no memory, but is listed until it is waited for
      if (kilobytes) peakMegabytes = Number(kilobytes) / 1000;
      const [user, system] = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .split(') ')[1]
        .split(' ')
        .slice(11, 13)
        .map(Number);
      cpuSeconds = (user + system) / 100;
    } catch {
      // it has just ended
    }
  }, 20);
  const code = await new Promise((resolve) => child.on('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${command} ${args[0]} must end with 0, got ${code}`);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds, peakMegabytes };
}
