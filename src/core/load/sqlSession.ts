/** A row with every cell as text. */
export type TextRow = Readonly<Record<string, string | null>>;

/** One session of a PostgreSQL, of a server or in process: what loading needs of it. */
export interface SqlSession {
  /** Runs one statement; gives its rows. Errors are `TargetError`s: with a code, without values. */
  rows(sql: string): Promise<readonly TextRow[]>;
}

/**
 * An error of a PostgreSQL without the values that it quotes. `code` is the SQLSTATE, or the system's code (`ECONNRESET`)
 * when the connection itself broke.
 */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code: string;
  /** Names of the schema, not values; empty when the server gave none. */
  readonly constraint: string;
  readonly column: string;
  /** Row of the data sent at which COPY stopped, from 1; 0 when it is not known. */
  readonly row: number;

  constructor(code: string, message: string, place: { constraint?: string; column?: string; row?: number } = {}) {
    super(message);
    this.code = code;
    this.constraint = place.constraint ?? '';
    this.column = place.column ?? '';
    this.row = place.row ?? 0;
  }
}

/** What a person may read of an error of PostgreSQL: its kind in words, its code and the names it gives, never its text. */
export function targetError(error: unknown): TargetError {
  if (error instanceof TargetError) return error;
  const given = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => (typeof given[name] === 'string' ? given[name] : '');
  const code = text('code') === '' ? 'unknown' : text('code');
  const where = /^COPY [^,]+, line (\d+)(?:, column ("?)(.+?)\2(?::|$))?/.exec(text('where'));
  const place = {
    constraint: text('constraint'),
    column: text('column') || (where?.[3] ?? ''),
    row: Number(where?.[1] ?? 0),
  };
  const message = SENTENCES[code] ?? (text('message') === CLOSED ? SENTENCES['ECONNRESET'] : undefined);
  const kind = message ?? SENTENCES[code.slice(0, 2)] ?? 'the target refused a statement';
  return new TargetError(message !== undefined && code === 'unknown' ? 'ECONNRESET' : code, kind, place);
}

/** What the driver says when the other side hangs up between two messages. */
const CLOSED = 'Connection terminated unexpectedly';

/** By SQLSTATE, by its class, or by the system's code. */
const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server listens there; check host and port, and that the server runs',
  ECONNRESET: 'the connection broke; check the network and the server, then run it again',
  EPIPE: 'the connection broke; check the network and the server, then run it again',
  ENOENT: 'no server listens there; check the socket path and that the server runs',
  ENOTFOUND: 'the host name is not known; check it',
  EAI_AGAIN: 'the host name cannot be looked up now; check the network',
  ETIMEDOUT: 'the server does not answer; check host, port and firewall',
  EHOSTUNREACH: 'the server cannot be reached; check the network',
  '08': 'the connection broke; check the network and the server, then run it again',
  '22': 'a value does not fit its column',
  '2BP01': 'other objects depend on the tables of the load before the last',
  '23502': 'a mandatory value is missing',
  '23503': 'a link leads to a row that is not there',
  '23505': 'a key is there twice',
  '28000': 'the server does not let this user in from here',
  '28P01': 'the password is wrong',
  '3D000': 'there is no such database',
  '42501': 'the user may not do this; it needs CREATE on the database, and must own the schema',
  '53100': "the server's disk is full; free space there, then run it again",
  '53200': 'the server is out of memory',
  '53300': 'the server has no free connection',
  '53400': 'a limit of the server is reached (temporary files)',
  '55P03': 'another session holds a lock on the target for too long',
  '57014': 'the statement took longer than statement_timeout_s, or was cancelled at the server',
  '57P01': 'the server ended the session (it stops, or an administrator ended it)',
  '57P02': 'the server crashed; it recovers by itself',
  '57P03': 'the server is starting or stopping; try again in a moment',
  '58030': 'the server cannot write to its disk',
};
