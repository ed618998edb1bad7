import './dashboard.css';
import type { Dashboard } from '../../src/core/review/dashboardModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import { DASHBOARD, type Decided } from '../../src/extension/panels/dashboardProtocol.ts';
import { html } from '../shared/dom.ts';
import { Host } from '../shared/host.ts';
import { Live } from '../shared/live.ts';
import { actionRow, button, keyed, moment, Shell } from '../shared/ui.ts';
import { blockersCard, changesCard, gatesCard } from './decision.ts';
import { etlCard, mappingCard, schemaCard } from './health.ts';
import { qualityCard } from './quality.ts';

const shell = new Shell('Dashboard');
const live = new Live({ shell, what: 'the project', read, shown: () => host.shown() });
const host = new Host(DASHBOARD, (setup) => {
  project = setup.project?.name ?? '';
  trusted = setup.trusted;
  live.begin(setup);
});
let project = '';
let trusted = false;
/** Verdicts asked for now; they hold until the project changes. */
let decided: readonly Decided[] | null = null;

host.on('changed', () => {
  decided = null;
  void live.refresh();
});

async function read(): Promise<HTMLElement[]> {
  const dashboard = await host.ask('content', {});
  head(dashboard);
  const open = (place: Place): void => {
    host.ask('open', place).catch((error: Error) => shell.tell(error.message));
  };
  return [
    blockersCard(dashboard, open),
    html(
      'div',
      { class: 'cards' },
      html(
        'div',
        { class: 'stack' },
        gatesCard(dashboard, decided, open, () => void decide()),
        schemaCard(dashboard, open),
      ),
      changesCard(dashboard, open),
      mappingCard(dashboard, open),
      etlCard(dashboard, open),
      qualityCard(dashboard, open),
    ),
  ];
}

function head({ changes }: Dashboard): void {
  const run = changes.run;
  const told = run === null ? ['nothing was run yet'] : [`last run (${run.command}) `, moment(run.at)];
  const tools = trusted
    ? [
        keyed(
          'run',
          button('Run lifecycle…', () => void start(), { look: 'primary' }),
        ),
      ]
    : [];
  shell.head([`${project} · `, ...told], [actionRow(...tools)]);
}

async function start(): Promise<void> {
  await host.ask('run', {}).catch((error: Error) => shell.tell(error.message));
}

async function decide(): Promise<void> {
  shell.say('Deciding for every profile…');
  try {
    decided = await host.ask('decide', {});
    shell.say(decided.map(({ profile, status }) => `${profile}: ${status}`).join(', '));
    await live.refresh();
  } catch (error) {
    shell.tell((error as Error).message);
  }
}
