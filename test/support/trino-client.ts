/** A type as Trino's answers describe it. */
export interface TrinoType {
  rawType: string;
  arguments: readonly { kind: string; value: unknown }[];
}

export interface TrinoColumn {
  name: string;
  typeSignature: TrinoType;
}

/** What Trino has against a statement. */
export class TrinoError extends Error {
  override readonly name = 'TrinoError';
  /** its name of the reason, such as `SYNTAX_ERROR` */
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** Rows of a statement; numbers beyond 2^53 lose digits here, ask for them as text. */
export type TrinoRow = Record<string, unknown>;

/** What Trino answers, piece by piece. */
interface Piece {
  nextUri?: string;
  columns?: TrinoColumn[];
  data?: unknown[][];
  error?: { message: string; errorName: string };
}

export class TrinoClient {
  readonly #origin: string;
  readonly catalog: string;

  constructor(origin: string, catalog: string) {
    this.#origin = origin;
    this.catalog = catalog;
  }

  /** Rows of a statement as objects; unqualified tables are those of `database`. */
  async query(statement: string, database?: string): Promise<TrinoRow[]> {
    const { columns, rows } = await (await this.start(statement, database)).answer(JSON.parse);
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
  }

  /**
   * Hand a statement in.
   *
   * @throws {TrinoError} if it is refused at once: it is no SQL
   */
  async start(statement: string, database = 'default'): Promise<TrinoStatement> {
    const headers = {
      'X-Trino-User': 'test',
      'X-Trino-Catalog': this.catalog,
      'X-Trino-Schema': database,
      'X-Trino-Time-Zone': 'UTC',
    };
    const answer = await fetch(`${this.#origin}/v1/statement`, { method: 'POST', headers, body: statement });
    const { nextUri = '' } = (await answer.json()) as Piece;
    // the first piece only says that it was received
    const text = await (await fetch(nextUri)).text();
    const { error } = JSON.parse(text) as Piece;
    if (error?.errorName === 'SYNTAX_ERROR') throw new TrinoError(error.message, error.errorName);
    return new TrinoStatement(text);
  }
}

/** A statement that Trino works on. */
export class TrinoStatement {
  readonly #first: string;
  #nextUri: string | undefined;

  constructor(first: string) {
    this.#first = first;
    this.#nextUri = (JSON.parse(first) as Piece).nextUri;
  }

  /**
   * Wait for its columns and rows.
   *
   * @param parse what makes values of Trino's JSON
   * @throws {TrinoError} with Trino's reason, also if it is cancelled
   */
  async answer(parse: (text: string) => Piece): Promise<{ columns: TrinoColumn[]; rows: unknown[][] }> {
    const rows: unknown[][] = [];
    let columns: TrinoColumn[] = [];
    for (let text = this.#first; ; ) {
      const piece = parse(text);
      if (piece.error) throw new TrinoError(piece.error.message, piece.error.errorName);
      columns = piece.columns ?? columns;
      for (const row of piece.data ?? []) rows.push(row);
      this.#nextUri = piece.nextUri;
      if (!this.#nextUri) return { columns, rows };
      text = await (await fetch(this.#nextUri)).text();
    }
  }

  async cancel(): Promise<void> {
    if (this.#nextUri) await fetch(this.#nextUri, { method: 'DELETE' });
  }
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/** Numbers as texts, with the digits that Trino wrote. */
export const parseNumbersAsText = (json: string): Piece =>
  JSON.parse(json.replaceAll(STRING_OR_NUMBER, (word) => (word.startsWith('"') ? word : `"${word}"`)));
