import type { z } from 'zod';
import type { CatalogField, CatalogTable } from '../catalog/catalog.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import type { Problem } from '../shared/problem.ts';
import type { LoadReport } from './loadReport.ts';

/** `source`: rows come from it; `target`: migrated rows go into it. */
export type ConnectorKind = 'source' | 'target' | 'both';

/** `stable`: for the controlled path. `emulator`: stands in for a system in rehearsals. `experimental`: for trying out. */
export type ConnectorStage = 'stable' | 'emulator' | 'experimental';

export type ConnectorOptions = z.ZodObject;

/** What a connector can do now. What it cannot do is refused with a sentence, never pretended. */
export interface ConnectorCapabilities {
  readonly discover: boolean;
  readonly preview: boolean;
  readonly read: boolean;
  readonly load: boolean;
  /** A read or load that broke goes on where it stopped. */
  readonly resume: boolean;
  /** A load that fails leaves the target as it was. */
  readonly transactional: boolean;
}

/** A configured connector at work: its name in `connectors.json`, its options with the secrets filled in, and the world. */
export interface Connection<O extends ConnectorOptions = ConnectorOptions> {
  readonly name: string;
  readonly options: z.infer<O>;
  readonly context: StageContext;
}

/** Whether the other side answers. `ok: false` is an answer too; bad options are a `UserError`. */
export interface TestReport {
  readonly ok: boolean;
  /** With `ok: false`: it answers and may be read, but something else is amiss (e.g. it cannot be loaded). */
  readonly answers?: boolean;
  /** One sentence: what answered, or what is wrong and what to do. */
  readonly message: string;
  /** Facts a person may check: version, database, number of tables. No secret and no patient value. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** What is wrong, place by place, when there is more to tell than the sentence. */
  readonly problems?: readonly Problem[];
}

/** The tables that the other side says it has. `specFile` of each field names the connection, `specLocation` the object. */
export interface DiscoveredSchema {
  readonly fields: readonly CatalogField[];
  readonly problems: readonly Problem[];
}

/** A few rows for the user's eyes: shown, never logged and never written to disk. Null is SQL's null. */
export interface Preview {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** There are more rows than these. */
  readonly more: boolean;
  readonly problems: readonly Problem[];
}

export interface ReadRequest {
  readonly table: string;
  /** Columns in the order wanted; all, in the order of the other side, when not given. */
  readonly columns?: readonly string[];
  /** Columns to order by; the order of the other side (for a file: of its rows) when not given. */
  readonly orderBy?: readonly string[];
}

/** What became of one table that was read. */
export interface ReadReport {
  readonly table: string;
  readonly columns: readonly string[];
  /** Rows written to the file. */
  readonly rows: number;
  /** Rows of the other side that could not be read; they are not in the file. */
  readonly unreadable: number;
  readonly problems: readonly Problem[];
}

/** One migrated table on its way into a target: a canonical CSV (see `Connector.read`) with its place in the load order. */
export interface LoadTable {
  /** Types, keys and constraints, from the target catalog. */
  readonly table: CatalogTable;
  /** Absolute path, the name for messages, and what the migration recorded of it. */
  readonly path: string;
  readonly name: string;
  readonly rows: number;
  readonly sha256: string;
}

export interface LoadRequest {
  /** In load order: parents before children. */
  readonly tables: readonly LoadTable[];
  /** The same for every attempt to load these very files: a resumed load finds its earlier batches by it. */
  readonly loadKey: string;
}

/**
 * One way to reach a system. A connector is one object in the registry; forms, terminal options and documentation are made
 * from `options`, in whose schema secrets carry `meta({ secret: true })` (see `secretText`).
 *
 * Every method opens what it needs and closes it again (or in `close`), obeys `connection.context.signal`, and throws `UserError` for what a
 * person can mend. No message may hold a patient value; secrets are taken out of messages by the caller (`openConnection`).
 */
export interface Connector<O extends ConnectorOptions = ConnectorOptions> {
  readonly id: string;
  readonly title: string;
  readonly kind: ConnectorKind;
  readonly stage: ConnectorStage;
  /** One sentence. */
  readonly summary: string;
  /** What it is not and cannot do: shown wherever it is offered. */
  readonly limits: string;
  readonly options: O;
  readonly capabilities: ConnectorCapabilities;
  test(connection: Connection<O>): Promise<TestReport>;
  /** Only when `capabilities.discover`. */
  discover?(connection: Connection<O>): Promise<DiscoveredSchema>;
  /** Only when `capabilities.preview`. @param limit greatest number of rows */
  preview?(connection: Connection<O>, table: string, limit: number): Promise<Preview>;
  /**
   * Writes a table as canonical CSV to `path`: UTF-8 without a mark, a header, commas, `\n`, RFC 4180 quotes only where
   * needed; null is an empty cell, an empty text is `""`; ISO dates `CCYY-MM-DD`, `CCYY-MM-DDThh:mm:ss` and `hh:mm:ss`;
   * booleans `true`/`false`; decimals with their scale. The contract migration writes the same form, so that what was
   * loaded and read back in key order can be compared byte for byte. Only when `capabilities.read`.
   */
  read?(connection: Connection<O>, request: ReadRequest, path: string): Promise<ReadReport>;
  /**
   * Brings the tables into the target, in place of what the target held of them. Failure, and cancelling, are told in the
   * report (with the state the target is in); only what is wrong before anything was touched is a `UserError`. Only when
   * `capabilities.load`.
   */
  load?(connection: Connection<O>, request: LoadRequest): Promise<LoadReport>;
  /** Ends what earlier calls left open for the next ones on the same connection. `withConnection` calls it at the end. */
  close?(connection: Connection<O>): Promise<void>;
}

/** Keeps the option type of a connector on its way into the registry. */
export function defineConnector<O extends ConnectorOptions>(connector: Connector<O>): Connector<O> {
  return connector;
}
