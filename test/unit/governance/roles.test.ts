import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { GATES } from '../../../src/core/gates/releaseGates.ts';
import { NOBODY } from '../../../src/core/governance/identity.ts';
import { ACTIONS, type Action, ROLES, roleTitle } from '../../../src/core/governance/roleNames.ts';
import { type Roles, readRolesText, refusal, whoIs } from '../../../src/core/governance/roles.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { STAGES } from '../../../src/core/lifecycle/stages.ts';
import { TOOLS } from '../../../src/core/lifecycle/tools.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { ownerRoleOf } from '../../../src/core/quality/rule.ts';
import { QUALITY_RULES } from '../../../src/core/quality/rules/index.ts';
import { withProject } from '../../support/project.ts';

const FILE = ARTEFACTS.roles;
const sample = async (): Promise<Roles> => rolesOf(await readFile(FILE, 'utf8'));

function rolesOf(text: string): Roles {
  const { value, problems } = readRolesText(text, FILE);
  assert.deepEqual(problems, []);
  assert.ok(value);
  return value;
}

describe('roles', () => {
  it('know a person by name, git e-mail, editor name or account, the one given by hand first', async () => {
    const text = (await readFile(FILE, 'utf8')).replace(
      '"eleri.vaughan@sample-trust.example"',
      '"EVaughan", "Eleri V"',
    );
    const roles = rolesOf(text);
    const name = (given: Partial<typeof NOBODY>): string => whoIs(roles, { ...NOBODY, ...given }).name;
    assert.equal(name({ as: 'dana whitfield ' }), 'Dana Whitfield');
    assert.equal(name({ as: 'Kofi Brandt', osUser: 'evaughan' }), 'Kofi Brandt');
    assert.equal(name({ editor: 'Eleri V', gitEmail: 'DANA.whitfield@sample-trust.example' }), 'Eleri Vaughan');
    assert.equal(name({ gitEmail: 'DANA.whitfield@sample-trust.example', osUser: 'evaughan' }), 'Dana Whitfield');
    assert.equal(name({ osUser: 'evaughan' }), 'Eleri Vaughan');
    const stranger = whoIs(roles, { ...NOBODY, osUser: 'guest' });
    assert.deepEqual([stranger.name, stranger.listed, stranger.account], ['guest', false, 'os:guest']);
    assert.throws(() => whoIs(roles, { ...NOBODY, as: 'Mallory' }), /does not name Mallory/);
    assert.equal(whoIs(null, { ...NOBODY, as: 'Mallory' }).name, 'Mallory');
  });

  it('refuse with a sentence that names the role and the people that may', async () => {
    const roles = await sample();
    const eleri = whoIs(roles, { ...NOBODY, as: 'Eleri Vaughan' });
    assert.equal(refusal(roles, eleri, 'sign_technical_qa'), null);
    assert.equal(
      refusal(roles, eleri, 'sign_clinical_safety'),
      'Eleri Vaughan is ETL Engineer: only Clinical Safety/Assurance Reviewer may sign clinical safety (Dr Celia Marchetti).',
    );
  });

  it('have one name each, which stages, gates and rules use, and know the words of earlier versions', () => {
    const titles = new Set<string>(Object.values(ROLES));
    for (const title of QUALITY_RULES.map(ownerRoleOf)) assert.ok(titles.has(title), title);
    for (const gate of GATES) assert.ok(Object.hasOwn(ROLES, gate.ownerRole), gate.id);
    for (const { id, owner } of [...STAGES, ...TOOLS]) assert.ok(Object.hasOwn(ROLES, owner), id);
    assert.deepEqual(
      ['Release Manager', 'Mapping Lead', 'technical_qa', 'clinical_safety', 'etl_engineer', 'Al', ' '].map(roleTitle),
      [
        ROLES.cutover_manager,
        ROLES.data_mapping_analyst,
        ROLES.etl_engineer,
        ROLES.clinical_safety_reviewer,
        ROLES.etl_engineer,
        'Al',
        ' ',
      ],
    );
  });

  it('let those who are not listed work, but never do what cutover relies on', async () => {
    const roles = await sample();
    const guest = whoIs(roles, { ...NOBODY, osUser: 'guest' });
    assert.equal(refusal(roles, guest, 'contract_approve'), null);
    assert.match(
      refusal(roles, guest, 'sign_technical_qa') ?? '',
      /is not listed in governance\/roles\.json: only ETL/,
    );
    for (const action of Object.keys(ACTIONS) as Action[])
      assert.equal(refusal(null, guest, action) === null, !ACTIONS[action].named, action);
    assert.match(refusal(null, guest, 'sign_data_quality') ?? '', /without governance\/roles\.json.*Data Quality Lead/);
  });

  it('give a domain to its owners, and an action to the roles the file names', async () => {
    const text = (await readFile(FILE, 'utf8'))
      .replace('"PMI": ["Quentin Osei", "Amir Qureshi"]', '"PMI": ["Quentin Osei"]')
      .replace('"schema_version": 1,', '"schema_version": 1, "actions": {"snapshot_restore": ["cutover_manager"]},');
    const roles = rolesOf(text);
    const amir = whoIs(roles, { ...NOBODY, as: 'Amir Qureshi' });
    assert.equal(refusal(roles, amir, 'contract_approve', { domain: 'OPD' }), null);
    assert.match(refusal(roles, amir, 'contract_approve', { domain: 'PMI' }) ?? '', /PMI belongs to Quentin Osei/);
    assert.match(refusal(roles, amir, 'snapshot_restore') ?? '', /only Cutover Manager may restore/);
  });

  it('tell every fault of the file at its place', async () => {
    const text = await readFile(FILE, 'utf8');
    const first = (changed: string): string => {
      const [problem] = readRolesText(changed, FILE).problems;
      return `${problem?.place.line}: ${problem?.message}`;
    };
    assert.match(first(''), /^1: The file is not valid JSON/);
    assert.match(first(text.slice(0, 300)), /^\d+: The file is not valid JSON/);
    assert.match(
      first(text.replace('["ETL Engineer"]', '["Wizard"]')),
      /^1[0-9]: people\.2\.roles\.0: Wizard is no role/,
    );
    assert.match(first(text.replace('"PMI": ["Quentin Osei"', '"PMI": ["Nobody"')), /Nobody is not among the people/);
    assert.match(first(text.replace('amir.qureshi@', 'dana.whitfield@')), /stands for both Dana Whitfield and Amir/);
    assert.match(first(text.replace('"PMI"', '"XYZ"')), /domains/);
    assert.match(first('[]'), /^1: /);
    assert.match(first('null'), /^1: /);
  });

  it('are asked in the core: a restore by somebody without the role is refused, and so is all with a broken file', async () => {
    const text = await readFile(FILE, 'utf8');
    await withProject({ [FILE]: text, 'reports/x.csv': 'a' }, async (project) => {
      await runCommand(project.context(), 'snapshot create', {});
      const restore = (as: string) => runCommand(project.context({ as }), 'snapshot restore', { snapshot: 'latest' });
      const refused = await restore('Quentin Osei');
      assert.equal(refused.returnCode, 2);
      assert.match(
        refused.error ?? '',
        /Quentin Osei is Data Quality Lead: only ETL Engineer, Cutover Manager or Migration/,
      );
      assert.equal((await restore('kofi.brandt@sample-trust.example')).status, 'passed');
      await project.write(FILE, text.slice(0, -20));
      assert.match(
        (await restore('Kofi Brandt')).error ?? '',
        /governance\/roles\.json:\d+:\d+: The file is not valid JSON/,
      );
    });
  });
});
