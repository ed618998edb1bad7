// npm run sizes: how much each panel loads, minified and as it would be compressed. Aim: below 150 kB, but for mermaid.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = join(resolve(import.meta.dirname, '..'), 'dist/webviews');
const AIM = 150_000;
/** Bundles that pages load when they need them. */
const LATER = {
  chartLibrary: (text) => text.includes('chartLibrary.js'),
  erdLayout: (text) => text.includes('erdLayout.js'),
  mermaid: (text) => text.includes('mermaid.js'),
};

if (!existsSync(folder)) {
  process.stderr.write('There are no bundles; run npm run build first.\n');
  process.exit(2);
}
const size = (file) => {
  const path = join(folder, file);
  if (!existsSync(path)) return { min: 0, gzip: 0 };
  const bytes = readFileSync(path);
  return { min: bytes.length, gzip: gzipSync(bytes).length };
};
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
process.stdout.write(`${'panel'.padEnd(12)}${'min'.padStart(10)}${'gzip'.padStart(10)}  of it later\n`);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length))
  .filter((name) => !(name in LATER))
  .sort();
for (const name of names) {
  const text = readFileSync(join(folder, `${name}.js`), 'utf8');
  const later = Object.keys(LATER).filter((part) => LATER[part](text));
  const files = [
    `${name}.js`,
    `${name}.css`,
    ...later.filter((part) => part !== 'mermaid').map((part) => `${part}.js`),
  ];
  const sizes = files.map(size);
  const sum = (key) => sizes.reduce((total, one) => total + one[key], 0);
  const told = later.map((part) => `${part} ${kB(size(`${part}.js`).gzip).trim()}`).join(', ');
  const over = sum('gzip') > AIM ? '  OVER THE AIM' : '';
  process.stdout.write(`${name.padEnd(12)}${kB(sum('min'))}${kB(sum('gzip'))}  ${told}${over}\n`);
}
