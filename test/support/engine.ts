import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDuckDb } from '../../src/core/engine/duckdb/duckdbEngine.ts';
import type { Engine } from '../../src/core/engine/engine.ts';

/** Runs a test on a real DuckDB in memory and closes it. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'pas-engine-'));
  const engine = await openDuckDb({ tempDirectory: join(directory, 'spill'), signal: new AbortController().signal });
  try {
    return await work(engine);
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
}
