import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { SecretSource } from '../core/connectors/secrets.ts';
import { openDuckDb } from '../core/engine/duckdb/duckdbEngine.ts';
import type { Identity } from '../core/governance/identity.ts';
import type { EventSink } from '../core/lifecycle/events.ts';
import type { StageContext } from '../core/lifecycle/stage.ts';
import { Project } from '../core/project/layout.ts';
import { realIdentity } from './identity.ts';
import { realSurroundings } from './surroundings.ts';

export interface ContextOptions {
  readonly project: string;
  readonly threads?: number | undefined;
  readonly memoryLimitMb?: number | undefined;
  /** A person named by hand (`--as`), and the name set in the editor. */
  readonly as?: string | undefined;
  readonly editor?: string | undefined;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
  /** Where secrets of connections come from. */
  readonly secret?: SecretSource;
}

/** The real world for a stage: the clock, a fresh run id, and a DuckDB that spills inside the project folder. */
export function realContext(options: ContextOptions): StageContext {
  const project = new Project(options.project);
  const runId = randomUUID();
  let engines = 0;
  let identity: Promise<Identity> | null = null;
  return {
    project,
    runId,
    now: () => new Date(),
    surroundings: realSurroundings(),
    identity: () => {
      identity ??= realIdentity(project.root, options);
      return identity;
    },
    signal: options.signal,
    emit: options.emit,
    ...(options.secret === undefined ? {} : { secret: options.secret }),
    openEngine: () => {
      engines += 1;
      return openDuckDb({
        // Several threads of one process have contexts of their own; an engine that closes takes its folder with it.
        tempDirectory: project.scratch(`engine-${runId.slice(0, 8)}-${engines}`),
        signal: options.signal,
        threads: options.threads ?? availableParallelism(),
        ...(options.memoryLimitMb === undefined ? {} : { memoryLimitMb: options.memoryLimitMb }),
      });
    },
  };
}
