import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { defineConnector } from '../../../src/core/connectors/connector.ts';
import { looksSecret, parseConnectorChoices } from '../../../src/core/connectors/connectorsFile.ts';
import { withConnection } from '../../../src/core/connectors/openConnection.ts';
import { optionFields, secretText } from '../../../src/core/connectors/optionFields.ts';
import { CONNECTORS } from '../../../src/core/connectors/registry.ts';
import { errorWithoutSecrets, secretVariable, withoutSecrets } from '../../../src/core/connectors/secrets.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { Checking } from '../../../src/core/review/checking.ts';
import { projectProblems } from '../../../src/core/review/projectProblems.ts';
import { UserError } from '../../../src/core/shared/errors.ts';
import { withProject } from '../../support/project.ts';

const SECRET = 'S3cret&"word/%';

/** Every file below a folder that holds one of the texts. */
async function filesWith(root: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(root, { recursive: true })) {
    const text = await readFile(join(root, name), 'latin1').catch(() => '');
    if (texts.some((part) => text.includes(part))) found.push(name);
  }
  return found;
}

describe('secrets of connections', () => {
  it('are taken out of texts, also as a URL or JSON writes them', () => {
    for (const form of [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET)])
      assert.doesNotMatch(withoutSecrets(`at postgres://u:${form}@h`, [SECRET]), /S3cret/);
    assert.equal(withoutSecrets('a password of abc', ['abc']), 'a password of abc');
  });

  it('are taken out of errors, whose kind stays', () => {
    const mended = errorWithoutSecrets(new UserError(`no entry for ${SECRET}`), [SECRET]);
    assert.ok(mended instanceof UserError);
    assert.equal(mended.message, 'no entry for [secret]');
    const bug = errorWithoutSecrets(new TypeError(`x ${SECRET}`), [SECRET]);
    assert.ok(bug instanceof TypeError && !`${bug.stack}`.includes('S3cret'));
  });

  it('have a variable that every shell takes', () =>
    assert.equal(secretVariable('epr-test', 'password'), 'PAS_MIGRATION_SECRET_EPR_TEST_PASSWORD'));

  it('are marked in the schema, and in no connector an option that looks like one is not', () => {
    const fields = optionFields(z.object({ password: secretText('p').optional(), host: z.string() }));
    assert.deepEqual(
      fields.map(({ name, secret, required }) => [name, secret, required]),
      [
        ['password', true, false],
        ['host', false, true],
      ],
    );
    for (const connector of CONNECTORS)
      for (const field of optionFields(connector.options))
        assert.equal(field.secret, looksSecret(field.name, ''), `${connector.id}.${field.name}`);
  });

  const exposed: [string, string, string][] = [
    ['a password', 'password', 'x'],
    ['another word for it', 'db_pwd', 'x'],
    ['a token', 'accessToken', 'x'],
    ['a URL with credentials', 'path', 'postgres://me:pw@host/db'],
    ['a connection string', 'path', 'DSN=x;PWD=y'],
    ['a user with a password', 'user', 'u:S3cret'],
    ['an Oracle address', 'url', 'jdbc:oracle:thin:scott/S3cret@//h:1521/x'],
    ['a name and a password before a host', 'host', 'u:S3cret@h'],
    ['the same with a slash', 'dsn', 'scott/S3cret@h'],
    ['a key', 'path', '-----BEGIN RSA PRIVATE KEY-----'],
  ];
  for (const [what, key, value] of exposed)
    it(`in connectors.json are a problem at their line: ${what}`, () => {
      const text = JSON.stringify(
        { schema_version: 1, connections: { a: { type: 'csv', options: { [key]: value } } } },
        null,
        2,
      );
      const { problems } = parseConnectorChoices(text, 'connectors.json');
      assert.deepEqual(
        problems.map(({ code, place }) => [code, place.line]),
        [['connectors-secret-in-file', 7]],
      );
      assert.ok(!problems[0]?.message.includes('pw@'));
    });

  it('are not seen in addresses without one', () => {
    for (const [key, value] of [
      ['host', '::1'],
      ['host', 'db.trust.nhs.uk:5432'],
      ['user', 'me@trust.nhs.uk'],
      ['url', 'jdbc:oracle:thin:@//h:1521/x'],
      ['url', 'jdbc:postgresql://h:5432/d'],
      ['path', 'a/b@c'],
    ] as const)
      assert.equal(looksSecret(key, value), false, value);
  });

  it('in an address are refused with what can be done instead', () =>
    withProject({}, async (project) => {
      const set = async (option: string) =>
        (await runCommand(project.context(), 'connectors set', { name: 'pg', type: 'postgres', option: [option] }))
          .error;
      assert.equal(
        await set('host=postgres://u:S3cret@h/d'),
        'host holds a password; give the host name alone, and the password as PAS_MIGRATION_SECRET_PG_PASSWORD, or when you are asked.',
      );
      assert.match((await set('user=u:S3cret')) ?? '', /^user holds a password; give the user name alone, and/);
      assert.equal(await project.readIfThere('connectors.json'), null);
      assert.deepEqual(await filesWith(project.root, ['S3cret']), []);
    }));

  it('in connectors.json are told in the Problems panel, also before the file is saved', () =>
    withProject({}, async (project) => {
      const context = project.context();
      const engine = await context.openEngine();
      try {
        const text = '{"schema_version":1,"connections":{"a":{"type":"csv","options":{"password":"x"}}}}';
        const found = await projectProblems(
          context.project,
          new Map([['connectors.json', text]]),
          new Checking(engine),
        );
        const told = found.find(({ code }) => code === 'connectors-secret-in-file');
        assert.deepEqual([told?.severity, told?.place.file], ['error', 'connectors.json']);
      } finally {
        await engine.close();
      }
    }));

  it('never stand in a file after a session: set, history, audit, reports, messages', () =>
    withProject({}, async (project) => {
      const set = (option: string[], more = {}) =>
        runCommand(project.context(), 'connectors set', { name: 'epr', option, ...more });
      const outcomes = [
        await set(['path=in'], { type: 'csv' }),
        await set([`password=${SECRET}`]),
        await set([`path=postgres://me:${SECRET}@host/db`]),
        await set([`api_key=${SECRET}`, 'path=b']),
        await set([SECRET]),
      ];
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['passed', 'error', 'error', 'error', 'error'],
      );
      for (const { error, text } of outcomes) assert.ok(!`${error} ${text.join()}`.includes('S3cret'), String(error));
      assert.deepEqual(await filesWith(project.root, ['S3cret']), []);
      assert.match(await project.read('.pas-migration/runs.jsonl'), /"option":\["path"\]/);
    }));

  it('reach the connector, and nothing that it throws or says keeps them', () => {
    const leaky = defineConnector({
      id: 'csv',
      title: 'Leaky',
      kind: 'both',
      stage: 'stable',
      summary: '',
      limits: '',
      options: z.object({ password: secretText('p') }),
      capabilities: { discover: false, preview: false, read: false, load: false, resume: false, transactional: false },
      test: async ({ options, context }) => {
        context.emit({ type: 'note', stage: 'x', level: 'info', text: `using ${options.password}` });
        throw new UserError(`login with ${options.password} failed`);
      },
    });
    const place = CONNECTORS as unknown as unknown[];
    place.unshift(leaky);
    return withProject({}, async (project) => {
      try {
        const context = { ...project.context(), secret: async () => SECRET };
        await assert.rejects(
          withConnection(context, 'csv', ({ connector, connection }) => connector.test(connection)),
          { message: 'login with [secret] failed' },
        );
        assert.deepEqual(
          project.events.map((event) => event.type === 'note' && event.text),
          ['using [secret]'],
        );
        await assert.rejects(
          withConnection(project.context(), 'csv', async () => undefined),
          /The password of csv is needed; set PAS_MIGRATION_SECRET_CSV_PASSWORD/,
        );
      } finally {
        place.shift();
      }
    });
  });
});

describe('connectors.json', () => {
  const bad: [string, string, string][] = [
    ['no JSON', '{"schema_version": 1,', 'connectors-malformed'],
    ['nothing', '', 'connectors-malformed'],
    ['another version', '{"schema_version": 2, "connections": {}}', 'connectors-malformed'],
    ['a list', '[]', 'connectors-malformed'],
    ['an unknown key', '{"schema_version": 1, "connections": {}, "x": 1}', 'connectors-malformed'],
    ['a wild name', '{"schema_version": 1, "connections": {"../a": {"type": "csv"}}}', 'connectors-malformed'],
    ['an unknown connector', '{"schema_version": 1, "connections": {"a": {"type": "ftp"}}}', 'connectors-unknown-type'],
    [
      'an unknown option',
      '{"schema_version": 1, "connections": {"a": {"type": "csv", "options": {"x": 1}}}}',
      'connectors-bad-option',
    ],
    [
      'a wrong option',
      '{"schema_version": 1, "connections": {"a": {"type": "csv", "options": {"header": "q"}}}}',
      'connectors-bad-option',
    ],
    [
      'a source that is not there',
      '{"schema_version": 1, "source": "b", "connections": {}}',
      'connectors-unknown-name',
    ],
    [
      'a target that is a source only',
      '{"schema_version": 1, "target": "a", "connections": {"a": {"type": "jdbc"}}}',
      'connectors-wrong-side',
    ],
  ];
  for (const [what, text, code] of bad)
    it(`tells of ${what}`, () => {
      const { problems } = parseConnectorChoices(text, 'connectors.json');
      assert.equal(problems[0]?.code, code, problems[0]?.message);
    });

  it('is written in one order, whatever the order of commands', () =>
    withProject({}, async (project) => {
      const run = (options: Record<string, unknown>) => runCommand(project.context(), 'connectors set', options);
      await run({ name: 'b', type: 'csv', option: ['delimiter=|', 'header=no'], use: 'source' });
      await run({ name: 'a', type: 'cache_iris_emulator', option: ['page_size=10'] });
      assert.deepEqual(JSON.parse(await project.read('connectors.json')), {
        schema_version: 1,
        source: 'b',
        target: null,
        connections: {
          a: { type: 'cache_iris_emulator', options: { page_size: 10 } },
          b: { type: 'csv', options: { delimiter: '|', header: false } },
        },
      });
      assert.equal(
        (await run({ name: 'a', use: 'target' })).error,
        'cache_iris_emulator is a source only, and cannot be the target.',
      );
      assert.match((await run({ name: 'a', option: ['page_size=ten'] })).error ?? '', /a: page_size: /);
      assert.match((await run({ name: 'c' })).error ?? '', /c is new; say which connector it is/);
      assert.match((await run({ name: '1', type: 'csv' })).error ?? '', /is no name for a connection/);
      await runCommand(project.context(), 'connectors remove', { name: 'b' });
      assert.equal(JSON.parse(await project.read('connectors.json')).source, null);
    }));
});
