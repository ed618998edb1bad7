// npm run package [-- TARGET ...]: one VSIX per VS Code target (default: this machine's), with the DuckDB binding of that target.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const targets = process.argv.length > 2 ? process.argv.slice(2) : [`${process.platform}-${process.arch}`];
const contents = [
  'package.json',
  'package-lock.json',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'media',
  'docs',
  'dist',
];
const sample = JSON.parse(readFileSync(join(root, 'src/extension/sampleFiles.json'), 'utf8'));

for (const target of targets) {
  const stage = mkdtempSync(join(tmpdir(), 'vsix-'));
  try {
    for (const path of [...contents, ...sample]) cpSync(join(root, path), join(stage, path), { recursive: true });
    const [system, processor] = target.split('-');
    // npm itself fetches the binding, for any target on any machine.
    const platform = [`--os=${system === 'alpine' ? 'linux' : system}`, `--cpu=${processor}`];
    if (system === 'linux') platform.push('--libc=glibc');
    if (system === 'alpine') platform.push('--libc=musl');
    const run = (command, args) => execFileSync(command, args, { cwd: stage, stdio: ['ignore', 'ignore', 'inherit'] });
    run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...platform]);
    const file = join(root, `${name}-${target}-${version}.vsix`);
    run(join(root, 'node_modules/.bin/vsce'), [
      'package',
      '--target',
      target,
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '--out',
      file,
    ]);
    process.stdout.write(`${file}: ${(statSync(file).size / 2 ** 20).toFixed(1)} MB (aim: below 40)\n`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}
