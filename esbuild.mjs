// Builds the terminal front, the extension, the threads in which both let the core work, and the panels' pages.
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { build } from 'esbuild';

const { version } = JSON.parse(await readFile(new URL('./package.json', import.meta.url), 'utf8'));
const shared = {
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  // Some libraries' CommonJS builds load their parts by names that a bundler cannot follow.
  mainFields: ['module', 'main'],
  // DuckDB's binding is found for this platform at run time; a bundler would pin one.
  external: ['@duckdb/node-bindings', 'vscode', 'pg-native'],
  define: { PAS_MIGRATION_VERSION: JSON.stringify(version) },
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};

/** Mermaid loads each kind of diagram when it meets one; a page that draws only ER diagrams needs none of the others. */
const onlyErDiagrams = {
  name: 'only-er-diagrams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ kind, importer, path }) => {
      const loadsPart = kind === 'dynamic-import' && /[\\/]mermaid[\\/]dist[\\/]/.test(importer);
      return loadsPart && !/[\\/](?:erDiagram|dagre)-/.test(path) ? { path, namespace: 'left-out' } : null;
    });
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'export const diagram = null;' }));
  },
};

/** The stages and their libraries would slow the start of every window; one import of the wrong file brings them all. */
function staysSmall(inputs) {
  const stages = 'src/core/lifecycle/stages.ts';
  if (!(stages in inputs)) return;
  const importers = (path) => Object.keys(inputs).filter((from) => inputs[from].imports.some((to) => to.path === path));
  const chain = [stages];
  for (let next = importers(stages); next.length > 0 && !chain.includes(next[0]); next = importers(chain[0]))
    chain.unshift(next[0]);
  throw new Error(
    `The editor's bundle holds the stages, by way of ${chain.join(' > ')}. Ask the core's thread instead.`,
  );
}

await rm(new URL('./dist', import.meta.url), { recursive: true, force: true });
// The emulator's library looks for its program and its first data beside the bundle.
await mkdir(new URL('./dist', import.meta.url));
for (const file of ['pglite.wasm', 'pglite.data', 'initdb.wasm'])
  await copyFile(
    new URL(`./node_modules/@electric-sql/pglite/dist/${file}`, import.meta.url),
    new URL(`./dist/${file}`, import.meta.url),
  );
await Promise.all([
  build({
    ...shared,
    entryPoints: {
      cli: 'src/cli/cli.ts',
      // A thread needs a file of its own.
      coreThread: 'src/extension/coreThread.ts',
      documentWorker: 'src/core/spec/documentWorker.ts',
      emulatorWorker: 'src/core/load/emulator/emulatorWorker.ts',
    },
    format: 'esm',
    // Large readers that few projects need (SQL) are loaded when needed.
    splitting: true,
    sourcemap: true,
    sourcesContent: false,
    // Bundled CommonJS libraries call require for Node's own modules.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  }),
  // One file that checks an evidence pack where nothing but Node is installed.
  build({
    ...shared,
    entryPoints: { 'verify-evidence': 'src/cli/verifyEvidence.ts' },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  }),
  // The editor loads extensions as CommonJS. This bundle is small: the core works in its thread.
  build({
    ...shared,
    entryPoints: { extension: 'src/extension/extension.ts' },
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
  }).then(({ metafile }) => staysSmall(metafile.inputs)),
  // Pages of panels run in the editor's browser: no Node, nothing loaded from elsewhere.
  build({
    outdir: 'dist/webviews',
    bundle: true,
    platform: 'browser',
    target: 'chrome132',
    format: 'esm',
    entryPoints: {
      chartLibrary: 'webviews/shared/chartLibrary.ts',
      contract: 'webviews/contract/main.ts',
      dashboard: 'webviews/dashboard/main.ts',
      lifecycle: 'webviews/lifecycle/main.ts',
      runs: 'webviews/runs/main.ts',
      users: 'webviews/users/main.ts',
      crosswalk: 'webviews/crosswalk/main.ts',
      connectors: 'webviews/connectors/main.ts',
      erd: 'webviews/erd/main.ts',
      erdLayout: 'webviews/erd/layoutWorker.ts',
      mermaid: 'webviews/erd/mermaidBundle.ts',
      quality: 'webviews/quality/main.ts',
      plan: 'webviews/plan/main.ts',
    },
    plugins: [onlyErDiagrams],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  }),
]);
