import './connectors.css';
import type { ConfiguredConnection, Connectors, ConnectorType } from '../../src/core/review/connectorsModel.ts';
import { CONNECTORS_PANEL } from '../../src/extension/panels/connectorsProtocol.ts';
import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import { Host } from '../shared/host.ts';
import { Live } from '../shared/live.ts';
import {
  actionRow,
  button,
  type Content,
  card,
  empty,
  keyed,
  moment,
  Shell,
  select,
  table,
  verdict,
} from '../shared/ui.ts';
import { connectionForm } from './form.ts';
import { previewCard } from './preview.ts';

const shell = new Shell('Connectors');
const live = new Live({ shell, what: 'connections', read, shown: () => host.shown() });
const host = new Host(CONNECTORS_PANEL, (setup) => {
  project = setup.project?.name ?? '';
  trusted = setup.trusted;
  live.begin(setup);
});
let project = '';
let trusted = false;
/** The connection whose form is open; '' for a new one, null for none. */
let editing: string | null = null;
const FIRST_FIELD = ['vscode-text-field', 'select'].map((tag) => `.connection-form ${tag}`).join(', ');
/** Below the list: rows of a table, while they are looked at. */
let preview: HTMLElement | null = null;
/** What the last test of a connection said, until the page is closed. */
const tested = new Map<string, { ok: boolean; message: string }>();
host.on('changed', () => {
  // A form that is being filled is not taken away.
  if (editing === null) void live.refresh();
});

async function read(): Promise<HTMLElement[]> {
  const view = await host.ask('content', {});
  const add = keyed(
    'new',
    button('New connection', () => void edit(''), { look: 'primary', disabled: !trusted }),
  );
  // A file that cannot be read names no connection, which is not to have none.
  const known = view.connections.length > 0 || view.problems.length === 0;
  shell.head(
    [`${project} · ${known ? counted(view.connections.length, 'connection') : 'connections not known'}`],
    editing === null ? [add] : [],
  );
  const problems = view.problems.map((problem) => html('p', { role: 'alert' }, verdict('bad', problem)));
  return [
    ...(problems.length === 0 ? [] : [card('connectors.json has errors', ...problems)]),
    ...view.unreadable.map((told) => html('p', { role: 'alert' }, verdict('bad', told))),
    ...(editing === null ? [] : [formCard(view, editing)]),
    ...(known ? [connectionsCard(view)] : []),
    ...(preview === null ? [] : [preview]),
    typesCard(view),
  ];
}

/** Opens the form of a connection, or closes it; the focus goes into the form, and back to what opened it. */
async function edit(name: string | null): Promise<void> {
  const before = editing;
  editing = name;
  await live.refresh();
  const opener = before === '' ? 'new' : `Edit-${before}`;
  const next = name === null ? `[data-key="${CSS.escape(opener)}"]` : FIRST_FIELD;
  document.querySelector<HTMLElement>(next)?.focus();
}

function formCard(view: Connectors, name: string): HTMLElement {
  return connectionForm(view, name, {
    fault: async (type, option, text) => (await host.ask('fault', { type, option, text })).message,
    save: async (form) => {
      const { ok, message } = await host.ask('save', form);
      if (!ok) return message;
      shell.say(message);
      void edit(null);
      return '';
    },
    cancel: () => void edit(null),
  });
}

function connectionsCard(view: Connectors): HTMLElement {
  if (view.connections.length === 0)
    return card(
      'Connections',
      empty(
        'Rows come from files and go to files',
        'Without a connection the source is mock_data/source and the target is mock_data/target_contract. Configure one to read an extract in another form, or to load a database.',
      ),
    );
  return card(
    'Connections',
    table(
      'Connections with their connector, use and last test',
      [
        { title: 'Name', cell: (one: ConfiguredConnection) => one.name },
        { title: 'Connector', cell: (one) => typeCell(view, one) },
        { title: 'Used as', cell: (one) => usesOf(view, one.name) },
        { title: 'Last result', cell: (one) => resultOf(view, one.name) },
        { title: 'Actions', cell: (one) => actionsOf(view, one) },
      ],
      view.connections,
    ),
  );
}

function typeCell(view: Connectors, { type }: ConfiguredConnection): Content {
  const known = view.types.find(({ id }) => id === type);
  return known === undefined ? verdict('bad', type) : html('span', {}, `${known.title} `, stageOf(known));
}

function stageOf({ stage }: ConnectorType): HTMLElement {
  return verdict(stage === 'stable' ? 'good' : stage === 'emulator' ? 'neutral' : 'warning', stage);
}

function usesOf({ source, target }: Connectors, name: string): string {
  return (
    [name === source ? 'source' : '', name === target ? 'target' : ''].filter((side) => side !== '').join(', ') || '–'
  );
}

function resultOf(view: Connectors, name: string): Content {
  const lines: Content[] = [];
  const test = tested.get(name);
  if (test !== undefined) lines.push(html('div', {}, verdict(test.ok ? 'good' : 'bad', test.message)));
  for (const [what, outcome] of [
    ['Load', view.lastLoad],
    ['Reconciliation', view.lastReconciliation],
  ] as const)
    if (outcome?.connection === name)
      lines.push(
        html(
          'div',
          {},
          verdict(outcome.status === 'passed' ? 'good' : 'bad', `${what}: ${outcome.text}`),
          ' · ',
          moment(outcome.at),
        ),
      );
  return lines.length === 0 ? 'not tested yet' : html('div', {}, ...lines);
}

function actionsOf(view: Connectors, { name, type }: ConfiguredConnection): Content {
  const known = view.types.find(({ id }) => id === type);
  const act = (label: string, press: () => Promise<void>): HTMLElement =>
    keyed(
      `${label}-${name}`,
      button(label, () => void press().catch((error: Error) => shell.tell(error.message)), {
        disabled: !trusted,
        title: `${label}: ${name}`,
      }),
    );
  if (known === undefined) return act('Remove', () => remove(name));
  const side = view.target === name && view.source !== name ? 'target' : known.kind === 'target' ? 'target' : 'source';
  return actionRow(
    act('Test', () => test(name)),
    ...(known.can.discover ? [act('Discover', () => tell(host.ask('discover', { name, side })))] : []),
    ...(known.can.preview ? [act('Preview', () => openPreview(name))] : []),
    ...(known.can.read && known.kind !== 'target'
      ? [act('Extract', () => tell(host.ask('use', { name, command: 'extract' })))]
      : []),
    ...(known.can.load ? [act('Load', () => tell(host.ask('use', { name, command: 'load' })))] : []),
    ...(known.can.load ? [act('Reconcile', () => tell(host.ask('use', { name, command: 'reconcile' })))] : []),
    ...known.fields
      .filter(({ secret }) => secret)
      .map(({ name: option }) => act(`Set ${option}`, async () => void (await host.ask('secret', { name, option })))),
    act('Edit', () => edit(name)),
    act('Remove', () => remove(name)),
  );
}

async function tell(answer: Promise<{ ok: boolean; message: string }>): Promise<void> {
  shell.tell((await answer).message);
  await live.refresh();
}

async function test(name: string): Promise<void> {
  tested.set(name, await host.ask('test', { name }));
  await live.refresh();
}

async function remove(name: string): Promise<void> {
  const { ok, message } = await host.ask('remove', { name });
  if (ok) shell.say(message);
  await live.refresh();
}

async function openPreview(name: string): Promise<void> {
  const { tables } = await host.ask('tables', { name });
  const close = (): void => {
    preview = null;
    void live.refresh();
  };
  const show = async (chosen: string): Promise<void> => {
    const rows = await host.ask('preview', { name, table: chosen });
    const chooser = select(
      'Table',
      tables.map((one) => ({ value: one, label: one })),
      chosen,
      (next) => void show(next).catch((error: Error) => shell.tell(error.message)),
    );
    preview = previewCard(name, chosen, rows, chooser, close);
    await live.refresh();
  };
  const [first] = tables;
  if (first === undefined) shell.tell(`${name} has no table.`);
  else await show(first);
}

function typesCard(view: Connectors): HTMLElement {
  return card(
    'Connectors and what they may be used for',
    table(
      'Connectors with their stage and policy',
      [
        { title: 'Connector', cell: (type: ConnectorType) => type.title },
        { title: 'Side', cell: (type) => (type.kind === 'both' ? 'source, target' : type.kind) },
        { title: 'Stage', cell: stageOf },
        ...['development', 'pre_production', 'cutover_ready'].map((profile) => ({
          title: profile,
          cell: (type: ConnectorType): Content => {
            const rule = type.policy.find((one) => one.profile === profile);
            return html(
              'span',
              { title: rule?.reason ?? '' },
              rule?.allowed === true ? verdict('good', 'allowed') : verdict('bad', 'refused'),
            );
          },
        })),
        { title: 'What it does, and what not', cell: (type) => `${type.summary} ${type.limits}` },
      ],
      view.types,
    ),
  );
}
