import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, modemap, startModemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';
import { python, runPython } from '../support/python.ts';

const folder = temporaryFolder();
const command = fileURLToPath(new URL('../../dist/cli/modemap.js', import.meta.url));
const large = join(folder, 'large.parquet');
const small = join(folder, 'small.parquet');
const flags = ['--jobs', '2', '--partition-bytes', '300KB', '--quiet'];

const freshFolder = () => mkdtempSync(join(folder, 'case-'));
const freshOut = () => join(freshFolder(), 'out');

beforeAll(async () => {
  const columns = '(hash(i) % 1000) / 8.0::double as a, i % 60 as b, hash(i * 7)::varchar as s';
  await writeParquetFile(large, `select ${columns} from range(200000) t(i)`, 'row_group_size 10240');
  await writeParquetFile(small, `select ${columns} from range(3000) t(i)`);
});

/** Start a run and wait until its plan is written: everything it reads from now on is pinned. */
async function startPlanned(input: string, out: string) {
  const child = startModemap('run', input, '--out', out, ...flags);
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, stderr })),
  );
  while (!isPlanned(out) && child.exitCode === null) await delay(2);
  return { child, ended };
}

const allBelow = (path: string) => readdirSync(path, { recursive: true }).map(String).sort();

const isPlanned = (out: string) =>
  existsSync(join(out, '.work')) && allBelow(join(out, '.work')).some((name) => name.endsWith('plan.jsonl'));

/** Run a line of shell in a folder; `M` stands for the command. */
function shell(line: string, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', line.replaceAll('M ', `'${process.execPath}' '${command}' `)],
    {
      cwd,
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

describe('a file that changes while it is read ends the run, which leaves nothing', () => {
  it.each<[string, RegExp, (file: string) => void]>([
    ['written over', /changed while the run was reading it/, (file) => writeFileSync(file, readFileSync(small))],
    [
      'replaced',
      /changed while the run was reading it/,
      (file) => {
        copyFileSync(large, `${file}.new`);
        renameSync(`${file}.new`, file);
      },
    ],
    ['cut short', /changed while the run was reading it/, (file) => truncateSync(file, 1000)],
    ['appended to', /changed while the run was reading it/, (file) => appendFileSync(file, 'x')],
    ['touched', /changed while the run was reading it/, (file) => utimesSync(file, 1, 1)],
    ['removed', /is gone since it was listed/, (file) => rmSync(file)],
  ])('%s', async (_, message, change) => {
    const input = join(freshFolder(), 'table.parquet');
    copyFileSync(large, input);
    const out = freshOut();
    const { ended } = await startPlanned(input, out);
    change(input);
    const { status, stderr } = await ended;
    expect(stderr).toMatch(/^modemap: table\.parquet [^\n]*; run again\n$/);
    expect(stderr).toMatch(message);
    expect([status, existsSync(out)]).toEqual([1, false]);
  });
});

const mountPoint = join(folder, 'disk');
mkdirSync(mountPoint);
const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', mountPoint]).status === 0;
const unmount = () => spawnSync('umount', [mountPoint]);
const canMount = process.platform === 'linux' && mount('size=1m');
if (canMount) unmount();

describe.skipIf(!canMount)('a disk that fills up ends the run, which leaves nothing', () => {
  it.each(['size=64k', 'size=1m', 'size=8m,nr_inodes=6', 'size=8m,nr_inodes=14'])('%s', (options) => {
    expect(mount(options)).toBe(true);
    try {
      const { status, stderr } = modemap('run', large, '--out', join(mountPoint, 'out'), ...flags);
      expect(stderr).toMatch(
        /^modemap: [^\n]* cannot be written: no space is left on the device; free some, or write to another folder\n$/,
      );
      expect([status, readdirSync(mountPoint)]).toEqual([1, []]);
    } finally {
      unmount();
    }
  });
});

describe('a run that fails', () => {
  it('takes nothing away from the committed runs beside it', () => {
    const input = join(freshFolder(), 'table.parquet');
    copyFileSync(small, input);
    const out = freshOut();
    expect(modemap('run', input, '--out', out, ...flags).status).toBe(0);
    const before = digestOf(out);
    const work = allBelow(join(out, '.work'));
    const bytes = readFileSync(input);
    bytes.fill(0xff, 100, 2000);
    writeFileSync(input, bytes);
    const { status, stderr } = modemap('run', input, '--out', out, ...flags);
    expect([status, stderr]).toEqual([1, expect.stringContaining('table.parquet')]);
    expect(digestOf(out)).toEqual(before);
    expect(allBelow(join(out, '.work'))).toEqual(work);
    expect(modemap('query', out, 'select rows from run', '--csv').stdout).toBe('rows\n3000\n');
  });
});

describe('a run that is told to stop', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: it stops, says how to go on, and goes on', async (signal, code) => {
    const out = freshOut();
    const { child, ended } = await startPlanned(large, out);
    child.kill(signal);
    expect(await ended).toEqual({
      status: code,
      stderr: 'modemap: stopped before the end; the same command goes on from here\n',
    });
    expect(existsSync(join(out, 'runs'))).toBe(false);
    expect(modemap('run', large, '--out', out, ...flags).status).toBe(0);
  });

  it.skipIf(!python)('Ctrl-C on a terminal, where there is a bar', () => {
    const out = freshOut();
    const [status, screen] = JSON.parse(
      runPython('-c', TERMINAL, out, process.execPath, command, 'run', large, '--out', out),
    );
    expect(status).toBe(130);
    expect(screen).toContain('reading footers');
    expect(screen).toMatch(/stopped before the end; the same command goes on from here\r\n$/);
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'));
  });
});

const TERMINAL = `
import glob, json, os, pty, select, sys
out, *argv = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvpe(argv[0], argv, {**os.environ, 'TERM': 'xterm'})
screen, told = b'', False
while True:
    if select.select([terminal], [], [], 0.01)[0]:
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            break
        if not piece:
            break
        screen += piece
    if not told and glob.glob(out + '/.work/*/*/plan.jsonl'):
        told = True
        os.write(terminal, b'\\x03')
print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), screen.decode(errors='replace')]))
`;

describe('an output folder', () => {
  it('that was not named', () => {
    expect(modemap('run', small, '--out', '').stderr).toBe('modemap: --out must name a folder, got nothing\n');
  });

  it('that holds the input', () => {
    const out = freshOut();
    mkdirSync(join(out, 'data'), { recursive: true });
    copyFileSync(small, join(out, 'data/a.parquet'));
    const { status, stderr } = modemap('run', join(out, 'data'), '--out', out);
    expect([status, stderr]).toEqual([1, expect.stringContaining('--out must not hold the input')]);
    expect(readdirSync(out)).toEqual(['data']);
  });

  it.skipIf(!existsSync('/proc/self'))('where none can be made: no waiting for ever', () => {
    const { status, stderr } = modemap('run', small, '--out', '/proc/modemap/out');
    expect([status, stderr]).toEqual([1, expect.stringContaining('--out must be writable, /proc/modemap/out')]);
  });

  it('several folders deep, all of them taken away again when the run fails', () => {
    const top = freshFolder();
    const input = join(freshFolder(), 'a.parquet');
    writeFileSync(input, 'not Parquet');
    expect(modemap('run', input, '--out', join(top, 'a/b/c')).status).toBe(1);
    expect(readdirSync(top)).toEqual([]);
  });

  it('whose name a shell would take apart is quoted in the command proposed next', () => {
    const out = join(freshFolder(), "it's mine");
    const { status, stdout, stderr } = modemap('run', small, '--out', out);
    expect([status, stderr]).toEqual([0, '']);
    const next = /^next {5}modemap (.*)$/m.exec(stdout)?.[1];
    expect(shell(`M ${next}`, process.cwd())).toMatchObject({ status: 0, stderr: '' });
  });
});

describe.skipIf(process.getuid?.() === 0)('a folder without permission', () => {
  it('to write', () => {
    const closed = freshFolder();
    chmodSync(closed, 0o555);
    const { status, stderr } = modemap('run', small, '--out', join(closed, 'out'));
    expect([status, stderr]).toEqual([1, expect.stringContaining('--out must be writable')]);
  });

  it('to read: named, unless it is hidden', () => {
    const input = freshFolder();
    copyFileSync(small, join(input, 'a.parquet'));
    mkdirSync(join(input, 'b'), { mode: 0 });
    const { status, stderr } = modemap('run', input, '--out', freshOut());
    expect([status, stderr]).toEqual([1, expect.stringContaining('b cannot be read: permission denied')]);
    renameSync(join(input, 'b'), join(input, '_b'));
    expect(modemap('run', input, '--out', freshOut()).status).toBe(0);
  });
});

describe.skipIf(process.platform === 'win32')('the surroundings', () => {
  it('a working folder that is gone', () => {
    const gone = freshFolder();
    const { status, stderr } = shell(`rmdir '${gone}'; M run '${small}' --out '${folder}/nowhere'`, gone);
    expect([status, stderr]).toEqual([
      1,
      'modemap: the working folder must exist, it was removed; cd to another one\n',
    ]);
  });

  it('a reader that stops early', () => {
    const out = freshOut();
    expect(shell(`set -o pipefail; M run '${small}' --out '${out}' --json | head -c 1`)).toEqual({
      status: 0,
      stdout: '{',
      stderr: '',
    });
    expect(shell(`set -o pipefail; M query '${out}' 'select * from data' --csv | head -n 1`)).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  it.skipIf(!existsSync('/dev/full'))('an output that takes nothing more', () => {
    const { status, stderr } = shell(`M run '${small}' --out '${freshOut()}' > /dev/full`);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^modemap: stdout must take the output: ENOSPC[^\n]*\n$/),
    ]);
  });

  it('no home, no terminal, no streams', () => {
    const out = freshOut();
    const line = `env -i PATH="$PATH" M run '${small}' --out '${out}' <&- >&- 2>&-`;
    expect(shell(line).status).toBe(0);
    expect(existsSync(join(out, 'runs'))).toBe(true);
  });
});
