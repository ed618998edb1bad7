// npm run code-web [-- FOLDER]: the project (this folder, or FOLDER) in a real VS Code with the extension, on a local address.
import { resolve } from 'node:path';
import { setup } from './setup.mjs';

await setup();
const { startServer } = await import('./workbench.mjs');
const root = resolve(import.meta.dirname, '..', '..');
const folder = resolve(process.argv[2] ?? root);
const server = await startServer({ development: true, port: 8123 });
const payload = JSON.stringify([['extensionDevelopmentPath', `vscode-remote://127.0.0.1:${server.port}${root}`]]);
process.stdout.write(
  `VS Code with the extension: ${server.base}?${new URLSearchParams({ folder, payload })}\nCtrl-C ends it.\n`,
);
process.once('SIGINT', () => void server.close().then(() => process.exit(0)));
await server.ended;
