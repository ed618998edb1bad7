import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Compares with `test/golden/<name>`. A missing golden fails; `UPDATE_GOLDEN=1 npm run test:unit` writes it for review. */
export function assertGolden(name: string, actual: string): void {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(path, actual);
    return;
  }
  assert.ok(
    existsSync(path),
    `The golden file test/golden/${name} is missing; make it with UPDATE_GOLDEN=1 and review it.`,
  );
  assert.equal(actual, readFileSync(path, 'utf8'));
}
