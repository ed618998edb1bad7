import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../src/cli/main.ts';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { TOOLS } from '../../../src/core/lifecycle/tools.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { withSample } from '../../support/sampleProject.ts';
import { quietly } from '../../support/terminal.ts';

interface Line {
  readonly section: string;
  readonly words: readonly string[];
  readonly exit: number;
  /** Verdicts that the gate report then holds, as `gate VERDICT`. */
  readonly verdicts: readonly string[];
}

/** The commands of the page, with the exit code that each announces. */
async function lines(): Promise<Line[]> {
  const page = await readFile('docs/rehearsal.md', 'utf8');
  let section = '';
  return page.split('\n').flatMap((line): Line[] => {
    if (line.startsWith('## ')) section = line.slice(3);
    if (!line.startsWith('pas-migration ')) return [];
    const [command = '', told = '0'] = line.split(/\s+# exit /);
    const [exit = '', verdicts] = told.split(': ');
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    return [{ section, words: words.slice(1), exit: Number(exit), verdicts: verdicts?.split(', ') ?? [] }];
  });
}

describe('the rehearsal of docs/rehearsal.md', function () {
  this.timeout(300_000);

  it('runs line by line in the terminal and ends with a verified pack', async () => {
    const script = await lines();
    assert.ok(script.length > 30, `${script.length} lines`);
    const key = process.env['PAS_MIGRATION_EVIDENCE_KEY'];
    const keys = await mkdtemp(join(tmpdir(), 'keys '));
    try {
      await withSample(async (project) => {
        process.env['PAS_MIGRATION_EVIDENCE_KEY'] = join(keys, 'key.pem');
        let notBegun = 0;
        for (const { section, words, exit, verdicts } of script) {
          const { code, text } = await quietly(() =>
            main([...words, '--project', project.root, '--threads', '2'], '0'),
          );
          assert.equal(code, exit, `${section}: pas-migration ${words.join(' ')}\n${text}`);
          if (text.includes('Allowed choices are')) notBegun += 1;
          if (verdicts.length === 0) continue;
          const report = JSON.parse(await project.read(ARTEFACTS.gateReport)) as {
            gates: { id: string; verdict: string }[];
          };
          const found = report.gates.map(({ id, verdict }) => `${id} ${verdict}`);
          for (const verdict of verdicts) assert.ok(found.includes(verdict), `${section}: no ${verdict} in ${found}`);
        }
        const log = await readAudit(new Project(project.root));
        const events = new Set(log.map(({ event }) => event));
        for (const event of ['run', 'contract-locked', 'sign-off', 'rehearsal', 'incident', 'evidence-built'])
          assert.ok(events.has(event), event);
        const wrote = log.filter(({ details }) => details['command'] !== undefined);
        const readOnly = new Set(TOOLS.filter((tool) => tool.readOnly === true).map(({ id }) => id));
        const wanted = script.filter(({ words }) => !readOnly.has(words.slice(0, 2).join(' ')));
        assert.equal(wrote.length, wanted.length - notBegun, 'every command that may write is in the log');
        assert.match(await project.read(join('evidence/rehearsal', 'report.html')), /alerts look wrong on ward 4/);
        const { error } = await runCommand(project.context(), 'evidence verify', { pack: 'evidence/rehearsal.zip' });
        assert.equal(error, null);
      });
    } finally {
      await rm(keys, { recursive: true });
      if (key === undefined) delete process.env['PAS_MIGRATION_EVIDENCE_KEY'];
      else process.env['PAS_MIGRATION_EVIDENCE_KEY'] = key;
    }
  });
});
