import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { launchTrino, type TrinoProcess } from './trino-process.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** answers with the origin of Trino, as soon as it is up */
    trinoStarter: string;
  }
}

/** One Trino for all test files, started when the first of them asks: a start costs more than what they do with it. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let trino: Promise<TrinoProcess> | undefined;
  const server = createServer((_, response) => {
    trino ??= launchTrino();
    trino.then(
      ({ origin }) => response.end(origin),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  provide('trinoStarter', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    await trino?.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  };
}
