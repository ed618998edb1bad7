import assert from 'node:assert/strict';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { type Certificate, newAuthority } from '../../support/certificates.ts';
import { runLoad } from '../../support/loading.ts';
import { eventsCsv, loadFiles, patientsCsv } from '../../support/loadProject.ts';
import { NOBODY, startPostgres, type TestServer } from '../../support/postgresServer.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const ROWS = { PATIENT: { csv: patientsCsv(5), rows: 5 }, EVENT: { csv: eventsCsv(20, 5), rows: 20 } };

describe('TLS of the PostgreSQL connector', function () {
  this.timeout(60_000);
  const trust = newAuthority('Trust authority');
  const other = newAuthority('Another authority');
  let server: TestServer;

  before(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  after(() => server.stop());

  /** Makes the server use a certificate, or none, from the next connection on. */
  async function serve(certificate: Certificate | null): Promise<void> {
    if (certificate !== null) {
      const files = { 'server.crt': certificate.certificate, 'server.key': certificate.key };
      for (const [name, text] of Object.entries(files)) {
        const path = join(server.folder, name);
        writeFileSync(path, text);
        chmodSync(path, 0o600);
        if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY);
      }
      await server.sql(`ALTER SYSTEM SET ssl_cert_file = '${join(server.folder, 'server.crt')}'`);
      await server.sql(`ALTER SYSTEM SET ssl_key_file = '${join(server.folder, 'server.key')}'`);
    }
    await server.sql(`ALTER SYSTEM SET ssl = ${certificate === null ? 'off' : 'on'}`);
    await reload();
    const [now] = await server.sql(`SELECT current_setting('ssl') AS ssl`);
    assert.equal(now?.['ssl'], certificate === null ? 'off' : 'on', 'the server takes the certificate');
  }

  /** New connections find the settings, the certificate and the rules of access as the files have them now. */
  async function reload(): Promise<void> {
    const loaded = async () => (await server.sql('SELECT pg_conf_load_time()::text AS at'))[0]?.['at'];
    const before = await loaded();
    await server.sql('SELECT pg_reload_conf()');
    for (let tried = 0; (await loaded()) === before; tried += 1) {
      assert.ok(tried < 200, 'the server reads its settings');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  interface Outcome {
    readonly ok: boolean;
    readonly message: string;
    readonly tls: unknown;
  }

  /** What `connectors test` says, from another folder than the project's. */
  async function tested(options: object, files: Record<string, string> = {}): Promise<Outcome> {
    const connections = { epr: { type: 'postgres', options: { ...server.options, ...options } } };
    return withProject({ ...loadFiles(ROWS, connections), ...files }, async (project: TestProject) => {
      const { summary, error } = await runCommand(project.context(), 'connectors test', { name: 'epr' });
      assert.equal(error, null);
      const { ok, message, details } = summary as { ok: boolean; message: string; details: { tls?: unknown } };
      return { ok, message, tls: details.tls };
    });
  }

  const withTrust = { 'certs/ca.pem': trust.certificate };

  it('verify-full with the authority in ca_file connects, encrypted, and loads', async () => {
    await serve(trust.issue('127.0.0.1'));
    const options = { tls: 'verify-full', ca_file: 'certs/ca.pem' };
    const { ok, tls } = await tested(options, withTrust);
    assert.deepEqual([ok, tls], [true, true]);
    const connections = { epr: { type: 'postgres', options: { ...server.options, ...options } } };
    await withProject({ ...loadFiles(ROWS, connections), ...withTrust }, async (project) => {
      assert.equal((await runLoad(project, 'epr')).report.target_state, 'complete');
    });
  });

  it('verify-full refuses a certificate of an authority that nobody gave, and names ca_file', async () => {
    await serve(trust.issue('127.0.0.1'));
    const { ok, message } = await tested({ tls: 'verify-full' });
    assert.equal(ok, false);
    assert.match(message, /not signed by an authority that this machine knows.*as ca_file/);
  });

  it('verify-full refuses a certificate of another authority than that in ca_file', async () => {
    await serve(other.issue('127.0.0.1'));
    const { ok, message } = await tested({ tls: 'verify-full', ca_file: 'certs/ca.pem' }, withTrust);
    assert.equal(ok, false);
    assert.match(message, /not signed by the authority in ca_file; give the certificate of the authority/);
  });

  for (const name of ['localhost', 'epr.example', '10.0.0.1'])
    it(`verify-full refuses a certificate for ${name} on 127.0.0.1, and names host`, async () => {
      await serve(trust.issue(name));
      const { ok, message } = await tested({ tls: 'verify-full', ca_file: 'certs/ca.pem' }, withTrust);
      assert.equal(ok, false);
      assert.match(message, /certificate is not for the host 127\.0\.0\.1; set host to a name/);
    });

  it('verify-full by host name connects when the certificate holds it', async () => {
    await serve(trust.issue('localhost'));
    const { ok, tls } = await tested({ tls: 'verify-full', ca_file: 'certs/ca.pem', host: 'localhost' }, withTrust);
    assert.deepEqual([ok, tls], [true, true]);
  });

  it('verify-full refuses a certificate that has expired', async () => {
    await serve(trust.issue('127.0.0.1', -1));
    const { ok, message } = await tested({ tls: 'verify-full', ca_file: 'certs/ca.pem' }, withTrust);
    assert.equal(ok, false);
    assert.match(message, /certificate has expired; renew it on the server/);
  });

  it('require encrypts, whoever signed the certificate and whatever host it is for', async () => {
    await serve(other.issue('epr.example'));
    const { ok, tls } = await tested({ tls: 'require' });
    assert.deepEqual([ok, tls], [true, true]);
  });

  it('a ca_file that is missing or holds no certificate is told before anything is sent', async () => {
    await serve(trust.issue('127.0.0.1'));
    const options = { tls: 'verify-full', ca_file: 'certs/ca.pem' };
    const missing = await tested(options);
    assert.match(missing.message, /certs.ca\.pem: not found; give ca_file as the path of a PEM certificate/);
    const wrong = await tested(options, { 'certs/ca.pem': 'no certificate' });
    assert.match(wrong.message, /certs.ca\.pem: holds no certificate that can be read; give ca_file/);
    assert.deepEqual([missing.ok, wrong.ok], [false, false]);
  });

  for (const tls of ['verify-full', 'require'])
    it(`a server without TLS is refused when tls is ${tls}; nothing falls back to plain text`, async () => {
      await serve(null);
      const { ok, message } = await tested({ tls });
      assert.equal(ok, false);
      assert.match(message, new RegExp(`the server offers no TLS, and tls is ${tls}; set up TLS on the server`));
      const connections = { epr: { type: 'postgres', options: { ...server.options, tls } } };
      await withProject(loadFiles(ROWS, connections), async (project) => {
        const { report } = await runLoad(project, 'epr');
        assert.deepEqual([report.status, report.target_state], ['failed', 'as_before']);
        assert.match(report.message, /offers no TLS/);
      });
    });

  it('a server that takes encrypted connections only tells so when tls is off', async () => {
    await serve(trust.issue('127.0.0.1'));
    const rules = join(server.folder, 'data', 'pg_hba.conf');
    const only = ['hostssl all loader all trust', 'hostnossl all loader all reject', readFileSync(rules, 'utf8')];
    writeFileSync(rules, only.join('\n'));
    await server.sql('CREATE ROLE loader LOGIN; GRANT CREATE ON DATABASE postgres TO loader');
    await reload();
    const off = await tested({ tls: 'off', user: 'loader' });
    assert.equal(off.ok, false);
    assert.match(off.message, /does not let this user in from here without TLS, or not at all; set tls to verify-full/);
    const { ok, message } = await tested({ tls: 'require', user: 'loader', schema: 'loader_target' });
    assert.ok(ok, message);
  });
});
