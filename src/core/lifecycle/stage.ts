import type { z } from 'zod';
import type { SecretSource } from '../connectors/secrets.ts';
import type { Engine } from '../engine/engine.ts';
import type { Identity } from '../governance/identity.ts';
import type { Role } from '../governance/roleNames.ts';
import type { Restored } from '../history/restores.ts';
import type { Project } from '../project/layout.ts';
import type { EventSink, StageEvent } from './events.ts';

/** Everything a stage may touch. No globals, no clock of its own, no randomness of its own. */
export interface StageContext {
  readonly project: Project;
  /** The same for all stages of one run; goes into every report. */
  readonly runId: string;
  readonly now: () => Date;
  /** Versions that a result depends on, and where the key lies that signs evidence. */
  readonly surroundings: Surroundings;
  /** Who is at the keyboard, as far as the world outside can tell. */
  readonly identity: () => Promise<Identity>;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Opens an embedded database; the caller closes it. */
  readonly openEngine: () => Promise<Engine>;
  /** Secrets of connections; a host without it has none. */
  readonly secret?: SecretSource;
}

/** What a stage may know of the machine it runs on. */
export interface Surroundings {
  readonly toolVersion: string;
  readonly nodeVersion: string;
  /** Operating system and processor. */
  readonly platform: string;
  /** Absolute path. */
  readonly evidenceKeyFile: string;
}

/** How a stage ended when it could do its work. Bad input is a `UserError` instead, a cancel is `Cancelled`. */
export interface StageResult {
  /** `failed`: it ran to its end and what it found must stop the release (exit code 1). */
  readonly status: 'passed' | 'failed';
  /** Machine summary: counts and verdicts, no patient values. Printed by `--json`. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** What a person reads at the end. */
  readonly text: readonly string[];
  /** Project-relative files read and written, files only, sorted. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** What the audit log is told in place of a plain `run`. Keys and counts only. */
  readonly audit?: AuditedEvent;
  /** What it put back from a snapshot, for the history. */
  readonly restored?: Restored;
}

export interface AuditedEvent {
  readonly event: string;
  /** The person, when the stage was told another than the context knows. */
  readonly who?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export type StageOptions = z.ZodObject;

/** One line of the stage table: from this the CLI commands, editor commands, tasks and the manifest are derived. */
export interface StageDefinition<O extends StageOptions = StageOptions> {
  /** As it is typed; two words for a command of a group, e.g. `snapshot create`. */
  readonly id: string;
  readonly title: string;
  /** Role that answers for the stage. */
  readonly owner: Role;
  /** One sentence for `--help` and tooltips. */
  readonly summary: string;
  readonly example: string;
  readonly options: O;
  /** Options that the terminal also takes by their place, in order. */
  readonly positional?: readonly (keyof O['shape'] & string)[];
  /**
   * Options that name a file which is read: the terminal takes it from the folder it stands in when it is there, else, as
   * the editor does, from the project.
   */
  readonly paths?: readonly (keyof O['shape'] & string)[];
  /** Only looks: runs beside the one writer, takes no lock and leaves no line in the history. */
  readonly readOnly?: boolean;
  /** Options as they may be written into the history; all of them when not given. */
  readonly recorded?: (options: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Project-relative files or folders it reads and writes, for help, freshness and the lifecycle view. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  run(context: StageContext, options: z.infer<O>): Promise<StageResult>;
}

/** Keeps the option type through the stage table. */
export function defineStage<O extends StageOptions>(stage: StageDefinition<O>): StageDefinition<O> {
  return stage;
}

/** `progress` events with the stage filled in. */
export function progressOf(context: StageContext, stage: string) {
  return (item: string, done: number, total: number, rows?: number): void => {
    const event: StageEvent = { type: 'progress', stage, item, done, total, ...(rows === undefined ? {} : { rows }) };
    context.emit(event);
  };
}
