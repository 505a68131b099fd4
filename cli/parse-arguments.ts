import { InvalidArgumentError } from 'commander';

/** Parse a count given on the command line. */
export function parsePositiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError(`must be an integer >= 1.`);
  return value;
}

const UNITS: Record<string, number> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Parse a size given on the command line, e.g. `800MB`, `4GiB`, `1e9`; bytes. */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = match && UNITS[match[2].toLowerCase()];
  const value = match && unit ? Math.floor(Number(match[1]) * unit) : 0;
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('must be a size such as 800MB or 4GiB.');
  return value;
}

/** Parse the memory of a Lambda function, MB. */
export function parseLambdaMemory(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 128 || value > 10_240)
    throw new InvalidArgumentError('must be an integer 128..10240.');
  return value;
}
