import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import {
  canonicalJson,
  fingerprintOf,
  type PackManifest,
  signManifest,
} from '../../../src/core/evidence/packManifest.ts';
import { packZip } from '../../../src/core/evidence/packZip.ts';
import { verifyPack } from '../../../src/core/evidence/verifyPack.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { type Clone, withRanSample } from '../../support/signedSample.ts';

const run = promisify(execFile);
const hash = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

describe('the evidence pack', function () {
  this.timeout(120_000);
  let home = '';
  let keyFile = '';
  let folder = '';
  let zip = '';
  let fingerprint = '';
  const build = async (clone: Clone, out: string, more: Record<string, unknown> = {}) =>
    clone.run('evidence build', { out, key_file: keyFile, ...more }, 'Dana Whitfield');

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'evidence é '));
    keyFile = join(home, 'keys', 'key.pem');
    await withRanSample(async (clone) => {
      await clone.signAll();
      const { error, summary } = await build(clone, 'evidence/rc1');
      assert.equal(error, null);
      fingerprint = String(summary['key_fingerprint']);
      const again = await build(clone, 'evidence/other');
      assert.equal(again.error, null);
      const [one, two] = await Promise.all(
        ['rc1', 'other'].map((name) => readFile(join(clone.root, `evidence/${name}.zip`))),
      );
      assert.equal(hash(one ?? ''), hash(two ?? ''), 'the same inputs give the same bytes');
      const checked = await clone.run('evidence verify', { pack: 'evidence/rc1' });
      assert.equal(checked.status, 'passed', checked.text.join('\n'));
      folder = join(home, 'pack');
      zip = join(home, 'pack.zip');
      await cp(join(clone.root, 'evidence/rc1'), folder, { recursive: true });
      await cp(join(clone.root, 'evidence/rc1.zip'), zip);
    });
  });
  after(() => rm(home, { recursive: true, force: true }));

  const files = async (): Promise<string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const faults = async (path = folder, key: string | null = null): Promise<string[]> =>
    (await verifyPack(path, key)).faults.map(({ place, message }) => `${place}: ${message}`);
  /** Runs a check while a file of the folder is another. */
  const changed = async (path: string, text: string | Buffer | null): Promise<string[]> => {
    const before = await readFile(join(folder, path)).catch(() => null);
    if (text === null) await rm(join(folder, path));
    else await writeFile(join(folder, path), text);
    try {
      return await faults();
    } finally {
      if (before === null) await rm(join(folder, path));
      else await writeFile(join(folder, path), before);
    }
  };
  const manifest = async (): Promise<PackManifest> =>
    JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as PackManifest;

  it('holds the reports, catalogs, crosswalks, contract, people’s decisions, and a report to read', async () => {
    const there = await files();
    for (const path of [
      'reports/contract_migration_report.json',
      'reports/contract_migration_table_stats.csv',
      'reports/contract_migration_issues.csv',
      'reports/contract_migration_rejects.csv',
      'reports/enterprise_pipeline_report.json',
      'reports/enterprise_pipeline_issues.csv',
      'reports/release_gate_report.json',
      'reports/product_lifecycle_run.json',
      'reports/mapping_contract.csv',
      'schemas/source_schema_catalog.csv',
      'schemas/target_schema_catalog.csv',
      'schemas/crosswalks/alert_type.csv',
      'schemas/release_gate_profiles.json',
      'governance/audit.jsonl',
      'governance/roles.json',
      'governance/sign_offs.json',
      'governance/hazard_log.csv',
      'hazard_links.json',
      'environment.json',
      'report.html',
    ])
      assert.ok(there.includes(path), path);
    assert.ok(!there.some((path) => path.startsWith('mock_data/') && path.endsWith('.csv')), 'no data of patients');
    assert.deepEqual(await faults(folder, fingerprint), []);
    assert.deepEqual(await faults(zip, fingerprint), []);
  });

  it('a changed byte is found in each file, with the file', async () => {
    // One check of a pack in which every file has one byte changed: each must be told. The three that speak of the others
    // are changed one by one.
    const apart = ['manifest.json', 'public_key.pem', 'signature.json'];
    const copy = join(home, 'all changed');
    await cp(folder, copy, { recursive: true });
    const told = (await files()).filter((path) => !apart.includes(path));
    for (const [index, path] of told.entries()) {
      const bytes = await readFile(join(copy, path));
      const at = (index * 7919) % Math.max(1, bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(join(copy, path), bytes);
    }
    const found = await faults(copy);
    for (const path of told)
      assert.ok(
        found.some((fault) => fault.startsWith(`${path}: was changed`)),
        path,
      );
    for (const path of apart) {
      const bytes = await readFile(join(folder, path));
      const at = Math.floor(bytes.length / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      const one = await changed(path, bytes);
      assert.ok(
        one.some((fault) => fault.startsWith(path)),
        `${path}: ${one.join('; ')}`,
      );
    }
  });

  it('every byte of signature and public key counts', async () => {
    for (const path of ['signature.json', 'public_key.pem']) {
      const whole = await readFile(join(folder, path));
      for (let at = 0; at < whole.length; at += 17) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        assert.notDeepEqual(await changed(path, bytes), [], `${path} byte ${at}`);
      }
    }
  });

  it('any changed byte of the zip is found, also outside of its files', async () => {
    const whole = await readFile(zip);
    const places = [
      0,
      5,
      10,
      12,
      20,
      26,
      29,
      ...Array.from({ length: 40 }, (_, index) => (index * 104_729) % whole.length),
    ];
    for (const back of [1, 3, 8, 12, 17, 22, 40, 60, 200, 900, 4000]) places.push(whole.length - back);
    const copy = join(home, 'changed.zip');
    for (const at of places) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(copy, bytes);
      assert.notDeepEqual(await faults(copy), [], `byte ${at} of ${whole.length}`);
    }
    for (const bytes of [
      Buffer.alloc(0),
      whole.subarray(0, 1000),
      Buffer.concat([whole, Buffer.from('x')]),
      Buffer.from('no zip'),
    ]) {
      await writeFile(copy, bytes);
      assert.notDeepEqual(await faults(copy), [], `${bytes.length} bytes`);
    }
  });

  it('a removed and an added file are told, and so is a missing signature', async () => {
    assert.deepEqual(await changed('reports/enterprise_pipeline_issues.csv', null), [
      'reports/enterprise_pipeline_issues.csv: is missing',
    ]);
    assert.deepEqual(await changed('reports/more.csv', 'x'), ['reports/more.csv: was added']);
    assert.match((await changed('signature.json', null)).join(), /signature\.json: is missing: nobody answers/);
    assert.match((await changed('manifest.json', null)).join(), /manifest\.json: is missing/);
    assert.match((await changed('public_key.pem', null)).join(), /public_key\.pem: is missing/);
    await assert.rejects(verifyPack(join(home, 'none'), null), /is not there; name the folder or the zip/);
    assert.notDeepEqual(await faults(home), []);
  });

  it('a removed or swapped audit line is told with its line', async () => {
    const path = 'governance/audit.jsonl';
    const lines = (await readFile(join(folder, path), 'utf8')).trimEnd().split('\n');
    const text = (changedLines: string[]): string => `${changedLines.join('\n')}\n`;
    assert.ok(
      (await changed(path, text(lines.toSpliced(2, 1)))).some((fault) =>
        fault.startsWith(`${path}:3: does not follow`),
      ),
    );
    const swapped = [...lines.slice(0, 1), ...lines.slice(2, 3), ...lines.slice(1, 2), ...lines.slice(3)];
    assert.ok((await changed(path, text(swapped))).some((fault) => fault.startsWith(`${path}:2: does not follow`)));
    const cut = await changed(path, text(lines.slice(0, -1)));
    assert.ok(
      cut.some((fault) => fault.startsWith(`${path}:${lines.length - 1}: is not followed by`)),
      cut.join('; '),
    );
  });

  it('a manifest signed anew with another key is found', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const report = `${await readFile(join(folder, 'reports/release_gate_report.json'), 'utf8')} `;
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    const forge = async (key: KeyObject, withKey: boolean): Promise<string> => {
      const forged = join(home, 'forged');
      await rm(forged, { recursive: true, force: true });
      await cp(folder, forged, { recursive: true });
      await writeFile(join(forged, 'reports/release_gate_report.json'), report);
      if (withKey) await writeFile(join(forged, 'public_key.pem'), publicKey);
      const before = await manifest();
      const replaced = new Map([['reports/release_gate_report.json', report]]);
      if (withKey) replaced.set('public_key.pem', publicKey);
      const made = before.files.map((file) => {
        const text = replaced.get(file.path);
        return text === undefined ? file : { ...file, bytes: Buffer.byteLength(text), sha256: hash(text) };
      });
      const text = canonicalJson({ ...before, files: made });
      await writeFile(join(forged, 'manifest.json'), text);
      await writeFile(join(forged, 'signature.json'), canonicalJson(signManifest(text, key)));
      return forged;
    };
    const halfForged = await faults(await forge(privateKey, false));
    assert.ok(halfForged.some((fault) => /^signature\.json: names the key .* not the one in public_key/.test(fault)));
    assert.ok(halfForged.some((fault) => fault.startsWith('signature.json: is no signature of manifest.json')));
    const whole = await forge(privateKey, true);
    assert.match(
      (await faults(whole, fingerprint)).join(),
      /public_key\.pem: is another key than .*: somebody else signed/,
    );
    // Nothing in a pack can tell whose its key is.
    assert.deepEqual(await faults(whole), []);
    await withRanSample(async (clone) => {
      await build(clone, 'evidence/own');
      const told = await clone.run('evidence verify', { pack: whole });
      assert.match(told.text.join(), /public_key\.pem: is a key with which this project never signed/);
      const trusted = await clone.run('evidence verify', {
        pack: whole,
        key: `SHA256:${fingerprintOf(createPublicKey(privateKey)).toUpperCase()}`,
      });
      assert.equal(trusted.status, 'passed', trusted.text.join());
      assert.match(
        (await clone.run('evidence verify', { pack: whole, key: '12' })).error ?? '',
        /64 hexadecimal digits/,
      );
      assert.match((await clone.run('evidence verify', { pack: 'nowhere' })).error ?? '', /is not there/);

      const refusedBy = async (out: string, more: Record<string, unknown> = {}) =>
        (await build(clone, out, more)).error ?? '';
      assert.match(await refusedBy('reports'), /reports: holds something else than an evidence pack/);
      assert.match(await refusedBy('evidence/x', { key_file: 'key.pem' }), /lies inside the project/);
      await writeFile(join(home, 'bad.pem'), 'no key');
      assert.match(await refusedBy('evidence/x', { key_file: join(home, 'bad.pem') }), /is no private key/);
      assert.match((await clone.run('evidence build', {}, 'Amir Qureshi')).error ?? '', /may build an evidence pack/);
      const audit = await clone.read(ARTEFACTS.auditLog);
      await clone.write(ARTEFACTS.auditLog, audit.replace('"who":"', '"who":"x'));
      assert.match(
        await refusedBy('evidence/x'),
        /audit\.jsonl:1: was changed .* No pack is built on an audit log with faults/,
      );
      await clone.write(ARTEFACTS.auditLog, audit);
      await rm(join(clone.root, ARTEFACTS.lifecycleRun));
      assert.match(
        await refusedBy('evidence/x'),
        /product_lifecycle_run\.json: is not there; run run-product-lifecycle/,
      );
    });
  });

  it('its report has no script and escapes what people wrote', () =>
    withRanSample(async (clone) => {
      const hostile = '<script>alert(1)</script><img src=x onerror=a>';
      await clone.edit(ARTEFACTS.hazardLog, 'Wrong-patient link', hostile);
      assert.equal((await build(clone, 'evidence/x')).error, null);
      const page = await clone.read('evidence/x/report.html');
      assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=a&gt;'));
      assert.doesNotMatch(page, /<script|<img|<link|https?:/i);
      assert.match(page, /content="default-src 'none'; style-src 'sha256-/);
    }));

  it('says of itself when files changed since the gates judged them', () =>
    withRanSample(async (clone) => {
      await clone.edit(ARTEFACTS.contract, ',APPROVED,', ',DRAFT,');
      const built = await build(clone, 'evidence/x');
      assert.equal(built.error, null);
      assert.match(built.text.join(' '), /judged an earlier state/);
      const { text } = await clone.run('evidence verify', { pack: 'evidence/x' });
      assert.match(text[0] ?? '', /OF AN EARLIER STATE/);
      assert.match(await clone.read('evidence/x/report.html'), /of an earlier state/);
    }));

  it('a second pack in the same folder leaves nothing of the first', () =>
    withRanSample(async (clone) => {
      await clone.run('incident start', { reason: 'x' });
      await build(clone, 'evidence/x');
      await rm(join(clone.root, ARTEFACTS.incidents), { recursive: true });
      await build(clone, 'evidence/x');
      const { status, text } = await clone.run('evidence verify', { pack: 'evidence/x' });
      assert.equal(status, 'passed', text.join());
    }));

  it('is checked by one file on a machine with nothing but Node', async () => {
    const script = join(home, 'verify-evidence.mjs');
    await cp('dist/verify-evidence.mjs', script);
    const { stdout } = await run('node', [script, zip, '--key', fingerprint], { cwd: home });
    assert.match(stdout, /files are as they were signed.*\nSigned with the key you named/);
    const bad = await run('node', [script, join(home, 'changed.zip')]).catch((error: { code: number }) => error);
    assert.equal('code' in bad ? bad.code : 0, 1);
    const usage = await run('node', [script]).catch((error: { code: number }) => error);
    assert.equal('code' in usage ? usage.code : 0, 2);
  });

  it('the zip is the same in every time zone, and the key is readable by its owner only', async () => {
    const zone = process.env['TZ'];
    const made: string[] = [];
    for (const name of ['UTC', 'Pacific/Auckland', 'America/St_Johns']) {
      process.env['TZ'] = name;
      made.push(
        hash(await buffer(packZip([{ path: 'a/b.txt', open: async () => Readable.from([Buffer.from('hello')]) }]))),
      );
    }
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    assert.equal(new Set(made).size, 1);
    assert.equal(createPrivateKey(await readFile(keyFile)).asymmetricKeyType, 'ed25519');
  });
});
