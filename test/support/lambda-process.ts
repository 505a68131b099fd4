import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const bootstrap = fileURLToPath(new URL('./lambda-bootstrap.mjs', import.meta.url));

/** What a function answered. */
export type Answer = { result: unknown; bytes: number } | { error: { errorType: string; errorMessage: string } };

/**
 * A bundled handler in a process of its own, behind Lambda's Runtime API: events in, answers out, as Lambda would.
 * Where the process ends, the next event starts a fresh one.
 */
export class LambdaProcess {
  readonly #node: string;
  readonly #folder: string;
  readonly #variables: Record<string, string>;
  #waiting: ServerResponse | undefined;
  #queued: { id: string; body: string } | undefined;
  #answer: ((answer: Answer) => void) | undefined;
  #child: ChildProcess | undefined;
  readonly #server = createServer((request, response) => this.#serve(request, response));
  /** everything the processes printed */
  output = '';
  /** exit codes of the processes that have ended */
  readonly exits: (number | null)[] = [];

  constructor(node: string, folder: string, variables: Record<string, string>) {
    this.#node = node;
    this.#folder = folder;
    this.#variables = variables;
  }

  /** Hand over one event and wait for the answer, or for the process to end without one. */
  async invoke(event: unknown): Promise<Answer> {
    if (!this.#server.listening) await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return new Promise<Answer>((resolve, reject) => {
      const child = this.#child ?? this.#start();
      const ended = () => reject(new Error(`the function ended without an answer: ${this.output}`));
      child.once('exit', ended);
      this.#answer = (answer) => {
        child.off('exit', ended);
        resolve(answer);
      };
      this.#queued = { id: crypto.randomUUID(), body: JSON.stringify(event) };
      this.#deliver();
    });
  }

  /** Wait until the process ends by itself. */
  async ended(): Promise<number | null> {
    if (this.#child) await once(this.#child, 'exit');
    return this.exits.at(-1) ?? null;
  }

  close(): void {
    this.#child?.kill();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #start(): ChildProcess {
    const { port } = this.#server.address() as AddressInfo;
    const child = spawn(this.#node, [bootstrap], {
      cwd: '/',
      // nothing of the test's own environment, so that nothing is found by accident
      env: { ...this.#variables, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`, LAMBDA_TASK_ROOT: this.#folder },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (this.output += piece));
    child.once('exit', (code) => {
      this.exits.push(code);
      this.#child = undefined;
      this.#waiting = undefined;
    });
    this.#child = child;
    return child;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith('/next')) {
      this.#waiting = response;
      return this.#deliver();
    }
    const body = await text(request);
    response.writeHead(202).end();
    const answer = JSON.parse(body);
    this.#answer?.(
      request.url?.endsWith('/response') ? { result: answer, bytes: Buffer.byteLength(body) } : { error: answer },
    );
  }

  #deliver(): void {
    if (!this.#waiting || !this.#queued) return;
    const { id, body } = this.#queued;
    this.#waiting.writeHead(200, { 'lambda-runtime-aws-request-id': id }).end(body);
    this.#waiting = undefined;
    this.#queued = undefined;
  }
}
