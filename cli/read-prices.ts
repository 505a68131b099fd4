import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { PRICES, type Prices, parsePrices } from '../shared/contract/prices.ts';

/**
 * The prices of a file in place of ours, or ours.
 *
 * @throws {ConfigurationError} if the file cannot be read or is not one of prices
 */
export async function readPrices(path: string | undefined): Promise<Prices> {
  if (path === undefined) return PRICES;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`--prices must be a readable file, ${path}: ${(cause as Error).message}`, { cause });
  }
  return parsePrices(text, path);
}
