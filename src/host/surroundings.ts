import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from '../core/lifecycle/stage.ts';

/** Written in when the product is built. */
declare const PAS_MIGRATION_VERSION: string | undefined;

/** Versions of this machine, and where the key lies that signs evidence: outside of every project. */
export function realSurroundings(): Surroundings {
  return {
    toolVersion: typeof PAS_MIGRATION_VERSION === 'string' ? PAS_MIGRATION_VERSION : 'not built',
    nodeVersion: process.version,
    platform: `${process.platform} ${process.arch}`,
    evidenceKeyFile:
      process.env['PAS_MIGRATION_EVIDENCE_KEY'] || join(settingsFolder(), 'pas-migration', 'evidence-key.pem'),
  };
}

function settingsFolder(): string {
  if (process.platform === 'win32') return process.env['APPDATA'] || join(homedir(), 'AppData', 'Roaming');
  return process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config');
}
