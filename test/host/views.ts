import assert from 'node:assert/strict';
import type { ProjectState } from '../../src/core/review/projectState.ts';
import { designNodes } from '../../src/extension/views/design.ts';
import { executionNodes } from '../../src/extension/views/execution.ts';
import { opsNodes } from '../../src/extension/views/ops.ts';
import { overviewNodes } from '../../src/extension/views/overview.ts';
import { type Node, NodeTree } from '../../src/extension/views/tree.ts';
import { api, eventually, root } from './support.ts';

async function state(): Promise<ProjectState> {
  const found = await (await api()).readState();
  assert.ok(found !== null);
  return found;
}

async function childOf(nodes: readonly Node[], ...labels: string[]): Promise<Node> {
  let at: readonly Node[] = nodes;
  let found: Node | undefined;
  for (const label of labels) {
    found = at.find((node) => node.label === label);
    assert.ok(found !== undefined, `${label} is not among ${at.map((node) => node.label).join(', ')}`);
    at = (await found.children?.()) ?? [];
  }
  assert.ok(found !== undefined);
  return found;
}

describe('views', () => {
  it('overview gives each part its verdict and age', async () => {
    const nodes = overviewNodes(root(), await state());
    assert.deepEqual(
      nodes.map(({ label }) => label),
      ['Schemas', 'Mapping contract', 'Contract migration', 'Data quality', 'Release gates'],
    );
    assert.match(nodes[4]?.description ?? '', /^pre_production: PASS/);
    assert.match((await childOf(nodes, 'Release gates', 'row_balance')).spoken ?? '', /row_balance, PASS/);
  });

  it('overview marks a verdict that is older than what it judges', async () => {
    const now = await state();
    const stages = now.stages.map((stage) => ({ ...stage, stale: stage.id === 'run-contract-migration' }));
    const gates = overviewNodes(root(), { ...now, stages })[4];
    assert.match(gates?.description ?? '', /^pre_production: PASS, out of date · /);
    assert.match(gates?.tooltip ?? '', /^Inputs changed since: Run contract migration\. Run again/);
  });

  it('design shows tables, columns with keys and types, and contract rows by table', async () => {
    const nodes = designNodes(root(), await state(), 'all');
    const field = await childOf(nodes, 'Source schema', 'PATMAST', 'PAT_NO');
    assert.match(field.description ?? '', /key/);
    const row = await childOf(nodes, 'Mapping contract', 'LOAD_PATIENT', 'SURNAME');
    assert.match(row.description ?? '', /direct ← PATMAST\.SNM · approved/);
    assert.ok(((await childOf(nodes, 'Crosswalks')).description ?? '').startsWith('73'));
    const open = designNodes(root(), await state(), 'unresolved');
    assert.match((await childOf(open, 'Mapping contract')).description ?? '', /^0 of \d+ rows · unresolved/);
  });

  it('execution shows seven stages, ops the failed rules', async () => {
    const quiet = await eventually('the end of the last run', async () => {
      const now = await state();
      return now.busy === null ? now : undefined;
    });
    const stages = executionNodes(root(), quiet, 'extract-specs');
    assert.equal(stages.filter((node) => node.context === 'stage').length, 7);
    assert.equal(stages[0]?.description, 'running…');
    const runs = stages.find((node) => node.id === 'runs');
    const past = (await runs?.children?.()) ?? [];
    assert.ok(past.length >= 7, `${past.length} past runs`);
    const gates = past.find((node) => node.label === 'run-release-gates');
    assert.match(gates?.description ?? '', /^passed · pre_production PASS/);
    const facts = ((await gates?.children?.()) ?? []).map((node) => node.label);
    assert.ok(facts.includes('Gates') && facts.includes('Rejected rows') && facts.includes('Option profile'));
    assert.deepEqual(
      opsNodes(root(), await state()).map(({ label }) => label),
      ['Quality issues', 'Rejects', 'Governance', 'Snapshots', 'Connectors', 'Role ownership'],
    );
  });

  it('a long list shows 200 lines and offers the rest', async () => {
    const tree = new NodeTree(() => Array.from({ length: 450 }, (_, index) => ({ label: `line ${index}` })));
    const first = await tree.getChildren();
    assert.equal(first.length, 201);
    assert.match(first[200]?.label ?? '', /Load more… \(250 left\)/);
    const more = first[200]?.command?.arguments?.[0] as () => void;
    more();
    assert.equal((await tree.getChildren()).length, 401);
  });
});
