import { resolve } from 'node:path';
import { checkLines, fingerprintFrom } from '../core/evidence/checkLines.ts';
import { verifyPack } from '../core/evidence/verifyPack.ts';
import { UserError } from '../core/shared/errors.ts';

/**
 * `node verify-evidence.mjs PACK [--key FINGERPRINT]`: one file that checks a pack on a machine with nothing but Node.
 * Exit codes: 0 whole, 1 faults, 2 usage.
 */
async function main(argv: readonly string[]): Promise<number> {
  const [pack, flag, fingerprint, ...more] = argv;
  const wellFormed =
    pack !== undefined &&
    !pack.startsWith('-') &&
    more.length === 0 &&
    (flag === undefined || (flag === '--key' && fingerprint !== undefined));
  if (!wellFormed || pack === undefined) {
    process.stderr.write('Usage: node verify-evidence.mjs PACK [--key FINGERPRINT]\n');
    return 2;
  }
  try {
    const key = fingerprint === undefined ? null : fingerprintFrom(fingerprint);
    const checked = await verifyPack(resolve(pack), key);
    for (const line of checkLines(checked, key !== null)) process.stdout.write(`${line}\n`);
    return checked.faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
