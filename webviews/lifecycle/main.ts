import { counted } from '../shared/format.ts';
import './lifecycle.css';
import type { Lifecycle } from '../../src/core/review/lifecycleModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import {
  type Compared,
  LIFECYCLE_PANEL,
  type LogLine,
  type Now,
} from '../../src/extension/panels/lifecycleProtocol.ts';
import { html } from '../shared/dom.ts';
import { Host } from '../shared/host.ts';
import { Live } from '../shared/live.ts';
import { restored } from '../shared/restored.ts';
import { button, card, keyed, Shell } from '../shared/ui.ts';
import { changesCard } from './changes.ts';
import { Log } from './log.ts';
import { NowCard } from './now.ts';
import { snapshotsCard } from './snapshots.ts';
import { type StageActions, stageItem } from './stages.ts';

const shell = new Shell('Lifecycle');
const log = new Log();
const nowCard = new NowCard(() => act(host.ask('cancel', {})));
const live = new Live({ shell, what: 'the stages', read, shown: () => host.shown() });
const host = new Host(LIFECYCLE_PANEL, (setup) => {
  project = setup.project?.name ?? '';
  trusted = setup.trusted;
  live.begin(setup);
});
let project = '';
let trusted = false;
let lifecycle: Lifecycle | null = null;
let compared: (Compared & { readonly snapshot: string }) | null = null;
/** Notices of runs so far: an answer that was asked for before the last of them is older than what it tells. */
let told = 0;
let now: Now = { command: null, progress: null, here: false };

host.on('changed', () => void live.refresh());
host.on('log', (line) => add(line));
host.on('now', (next) => {
  const [ended, stage] = [now.command !== null && next.command === null, runningStage()];
  now = next;
  told += 1;
  nowCard.show(now);
  // Buttons and the mark of the running stage change with the stage, not with every row.
  if (ended || stage !== runningStage()) void live.refresh();
});

function runningStage(): string | null {
  return now.command === null ? null : (now.progress?.stage ?? now.command);
}

function add(line: LogLine): void {
  log.add(line);
  if (line.level === 'error' || line.level === 'stage') shell.say(line.text);
}

function act(answer: Promise<unknown>): void {
  answer.catch((error: Error) => shell.tell(error.message));
}

async function read(): Promise<HTMLElement[]> {
  const asked = told;
  const content = await host.ask('content', {});
  lifecycle = content.lifecycle;
  if (asked === told) now = content.now;
  log.fill(content.log);
  nowCard.show(now);
  return draw(content.lifecycle);
}

function draw({ stages, snapshots }: Lifecycle): HTMLElement[] {
  const idle = trusted && now.command === null;
  const stale = stages.filter((stage) => stage.stale).length;
  const made = stages.filter((stage) => stage.madeAt !== null).length;
  shell.head(
    [
      `${project} · ${made} of ${counted(stages.length, 'stage')} ${made === 1 ? 'has' : 'have'} run${stale === 0 ? '' : `, ${stale} stale`}`,
    ],
    [
      keyed(
        'run',
        button('Run lifecycle…', () => act(host.ask('run', { from: null })), { look: 'primary', disabled: !idle }),
      ),
      keyed(
        'snapshot',
        button('Create snapshot…', () => act(host.ask('snapshot', {})), { disabled: !idle }),
      ),
    ],
  );
  const actions: StageActions = {
    idle,
    running: runningStage(),
    open: (place: Place) => act(host.ask('open', place)),
    run: (stage) => act(host.ask('runStage', { stage })),
    rerunFrom: (from) => act(host.ask('run', { from })),
  };
  return [
    ...restores(stages),
    html(
      'div',
      { class: 'split' },
      html('div', { class: 'beside' }, nowCard.element, log.element),
      html(
        'ol',
        { class: 'flow', 'aria-label': 'Stages in order' },
        ...stages.map((stage) => stageItem(stage, actions)),
      ),
    ),
    ...(compared === null ? [] : [changesCard(compared, closeCompared, compareContract)]),
    snapshotsCard(snapshots, lifecycle?.stages ?? [], idle, {
      restore: (snapshot, stage) => act(host.ask('restore', { snapshot, stage })),
      compare: (snapshot) => act(compare(snapshot)),
    }),
  ];
}

/** Asks what changed since a snapshot, and shows it above the snapshots. */
async function compare(snapshot: string): Promise<void> {
  const { changes } = await host.ask('compare', { snapshot });
  compared = changes === null ? null : { ...changes, snapshot };
  await live.refresh();
}

function compareContract(): void {
  if (compared !== null) act(host.ask('compareContract', { snapshot: compared.snapshot }));
}

function closeCompared(): void {
  compared = null;
  void live.refresh();
}

/** Where the shown files come from, where no run of this project's last ones wrote them; each restore once. */
function restores(stages: Lifecycle['stages']): HTMLElement[] {
  const all = stages.flatMap((stage) => stage.restored ?? []);
  const each = all.filter((one, index) => all.findIndex(({ at }) => at === one.at) === index);
  if (each.length === 0) return [];
  return [card('Restored', ...each.map((one) => restored(one)))];
}
