// Builds the terminal front. Native and optional parts stay outside the bundle.
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';

const { version } = JSON.parse(await readFile(new URL('./package.json', import.meta.url), 'utf8'));

await build({
  // Documents are read in a worker thread, which needs a file of its own.
  entryPoints: { cli: 'src/cli/cli.ts', documentWorker: 'src/core/spec/documentWorker.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Large readers that few projects need (SQL) are loaded when needed.
  splitting: true,
  // Some libraries' CommonJS builds load their parts by names that a bundler cannot follow.
  mainFields: ['module', 'main'],
  // DuckDB finds its binding for this platform at run time; a bundler would pin one.
  external: ['@duckdb/node-api'],
  // Bundled CommonJS libraries call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  define: { PAS_MIGRATION_VERSION: JSON.stringify(version) },
  sourcemap: true,
  logLevel: 'warning',
});
