import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCsvText } from '../../src/core/csv/csvText.ts';
import { LIFECYCLE, runProductLifecycle } from '../../src/core/lifecycle/runProductLifecycle.ts';
import { runStage, type StageOutcome } from '../../src/core/lifecycle/runStage.ts';
import { STAGES } from '../../src/core/lifecycle/stages.ts';
import type { TestProject } from '../support/project.ts';
import { withSample } from '../support/sampleProject.ts';

const REJECTS = 'reports/contract_migration_rejects.csv';

async function lifecycle(project: TestProject, options: Record<string, unknown> = {}, threads = 2) {
  const parsed = LIFECYCLE.options.parse({
    rows: 20,
    seed: 42,
    min_patients: 20,
    release_profile: 'pre_production',
    ...options,
  });
  return runProductLifecycle(project.context({ threads }), parsed);
}

async function stage(project: TestProject, id: string, options: Record<string, unknown> = {}): Promise<StageOutcome> {
  const found = STAGES.find((candidate) => candidate.id === id);
  assert.ok(found !== undefined, id);
  return runStage(project.context(), found, options);
}

/** Migrates, checks and decides again on the files as they are now. */
async function decideAgain(
  project: TestProject,
): Promise<{ migration: StageOutcome; gates: StageOutcome; verdicts: Map<string, string> }> {
  const migration = await stage(project, 'run-contract-migration', { impute_mode: 'pre_production' });
  if (migration.returnCode !== 2) await stage(project, 'run-enterprise-pipeline', { min_patients: 20 });
  const gates = await stage(project, 'run-release-gates', { profile: 'pre_production' });
  const report = JSON.parse(await project.read('reports/release_gate_report.json')) as {
    gates: { id: string; verdict: string }[];
  };
  return { migration, gates, verdicts: new Map(report.gates.map((gate) => [gate.id, gate.verdict])) };
}

/** Every output that must be a function of inputs, options and seed. */
async function bytes(project: TestProject): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const folder of ['mock_data/source', 'mock_data/target', 'mock_data/target_contract']) {
    for (const name of await readdir(join(project.root, folder)))
      files.set(`${folder}/${name}`, await project.read(`${folder}/${name}`));
  }
  for (const name of await readdir(join(project.root, 'reports'))) {
    if (name.endsWith('.csv')) files.set(name, await project.read(`reports/${name}`));
  }
  return files;
}

describe('the lifecycle on the sample project', function () {
  this.timeout(240_000);

  it('reaches pre_production, says what it did, and gives the same bytes on 1 and 2 threads', async () => {
    const contract = await withSample((project) => project.read('reports/mapping_contract.csv'));
    const [one, two] = await Promise.all(
      [1, 2].map((threads) =>
        withSample(async (project) => {
          const outcome = await lifecycle(project, {}, threads);
          assert.equal(
            outcome.status,
            'passed',
            JSON.stringify(
              outcome.outcomes.map((stageOutcome) => [
                stageOutcome.stage,
                stageOutcome.status,
                stageOutcome.error?.message,
              ]),
            ),
          );
          const manifest = JSON.parse(await project.read('reports/product_lifecycle_run.json')) as {
            stages: { id: string; status: string; return_code: number; outputs: { sha256: string }[] }[];
          };
          assert.deepEqual(
            manifest.stages.map((entry) => entry.id),
            STAGES.map((entry) => entry.id),
          );
          assert.ok(
            manifest.stages.every(
              (entry) => entry.status === 'passed' && entry.return_code === 0 && entry.outputs.length > 0,
            ),
          );
          return bytes(project);
        }),
      ),
    );
    assert.ok(one !== undefined && two !== undefined);
    assert.deepEqual([...one.keys()], [...two.keys()]);
    for (const [name, text] of one) assert.equal(text, two.get(name), name);
    assert.equal(one.get('mapping_contract.csv'), contract, 'the rebuild touched the reviewed contract');
    await withSample(async (project) => {
      await lifecycle(project, { seed: 43 });
      assert.notEqual(await project.read('mock_data/source/PATMAST.csv'), one.get('mock_data/source/PATMAST.csv'));
    });
  });

  it('never passes in silence when an input is spoilt', async () => {
    await withSample(async (project) => {
      assert.equal((await lifecycle(project)).status, 'passed');
      const restore = async (
        path: string,
        spoil: (text: string) => string,
        look: (found: Awaited<ReturnType<typeof decideAgain>>) => void,
      ): Promise<void> => {
        const text = await project.read(path);
        await project.write(path, spoil(text));
        const found = await decideAgain(project);
        assert.equal(found.gates.returnCode, 1, `${path}: the gates passed`);
        look(found);
        await project.write(path, text);
      };
      const appointments = 'mock_data/source/OPAPPT.csv';
      const before = parseCsvText(await project.read(REJECTS), REJECTS, []).value.records.length;

      const header = (await project.read(appointments)).split('\n')[0]?.split(',') ?? [];
      const unknownCode = (text: string): string => {
        const cells = (text.split('\n')[1] ?? '').split(',');
        cells[header.indexOf('APPT_NO')] = 'A99999999';
        cells[header.indexOf('ATT_CD')] = '?!';
        return `${text}${cells.join(',')}\n`;
      };
      const text = await project.read(appointments);
      await project.write(appointments, unknownCode(text));
      const more = await decideAgain(project);
      const rejects = parseCsvText(await project.read(REJECTS), REJECTS, []).value.records.map(
        (record) => record.cells,
      );
      assert.equal(rejects.length, before + 1);
      assert.equal(rejects[0]?.['row_key'], 'A99999999');
      assert.equal(rejects[0]?.['source_value'], '?!');
      assert.equal(more.migration.result?.summary['rows_unexplained'], 0);
      assert.equal(more.verdicts.get('safety_critical_rejects'), 'FAIL');
      await project.write(appointments, text);

      await restore(
        'schemas/crosswalks/sex.csv',
        (all) =>
          all
            .split('\n')
            .filter((line) => !line.startsWith('F,'))
            .join('\n'),
        ({ verdicts }) => {
          assert.equal(verdicts.get('safety_critical_rejects'), 'FAIL');
        },
      );
      await restore(
        appointments,
        () => '',
        ({ migration, verdicts }) => {
          assert.match(migration.error?.message ?? '', /OPAPPT\.csv:1: .*empty/);
          assert.equal(verdicts.get('evidence_current'), 'FAIL');
        },
      );
      await restore(
        appointments,
        (all) => `${all.split('\n')[0]}\n`,
        ({ verdicts }) => {
          assert.equal(verdicts.get('source_tables_present'), 'NOT_PROVEN');
        },
      );
      await restore(
        appointments,
        (all) => all.slice(0, Math.floor(all.length * 0.6)),
        ({ verdicts }) => {
          assert.equal(verdicts.get('source_manifest'), 'FAIL');
        },
      );
      await restore(
        appointments,
        (all) => all.replace('ATT_CD', 'ATTEND'),
        ({ migration, verdicts }) => {
          assert.match(migration.error?.message ?? '', /header lacks ATT_CD/);
          assert.equal(verdicts.get('evidence_current'), 'FAIL');
        },
      );
    });
  });

  it('starts in the middle on request, and ends with the gates after bad input', async () => {
    await withSample(async (project) => {
      await lifecycle(project, { rows: 20 });
      const again = await lifecycle(project, { from: 'run-enterprise-pipeline' });
      assert.equal(again.status, 'passed');
      assert.deepEqual(
        again.outcomes.map((outcome) => outcome.stage),
        ['run-enterprise-pipeline', 'run-release-gates'],
      );
      await project.write('mock_data/source/ADMEPI.csv', '');
      const broken = await lifecycle(project, { from: 'run-contract-migration' });
      assert.equal(broken.returnCode, 2);
      assert.deepEqual(
        broken.outcomes.map((outcome) => outcome.status),
        ['error', 'failed'],
      );
    });
  });
});
