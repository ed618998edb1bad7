import '../shared/panel.css';
import './plan.css';
import { PLAN_PANEL, type PlanOutcome } from '../../src/extension/panels/planProtocol.ts';
import { Host } from '../shared/host.ts';
import * as ui from '../shared/ui.ts';
import { planView, refusalView } from './planView.ts';

/** The page of a contract preview: shows the last one and takes up each new one. */

const shell = new ui.Shell('Contract preview');
shell.show(ui.loading('Looking for the last preview'));
let first = true;

const host = new Host(PLAN_PANEL, () => void begin());
host.on('planned', ({ outcome }) => show(outcome));

const actions = {
  openRow: (table: string, field: string, rowSet: string) =>
    void host.ask('openRow', { table, field, rowSet }).catch(tell),
  openPlace: (file: string, line: number) => void host.ask('openPlace', { file, line }).catch(tell),
};
const again = (): void => {
  shell.say('The contract is tried.');
  host.ask('again', {}).catch(tell);
};

async function begin(): Promise<void> {
  try {
    const { outcome } = await host.ask('last', {});
    if (outcome !== null) show(outcome);
    else if (first) nothing();
  } catch (error) {
    shell.show(ui.failure(error instanceof Error ? error.message : String(error), () => void begin()));
  }
  host.shown();
}

function nothing(): void {
  shell.show(
    ui.empty(
      'No preview yet',
      'Edit the contract, and before you save it see here what the change would do to rows, patients, rejects and gates. Nothing is written by it.',
      ui.button('Preview the contract', again, { look: 'primary' }),
    ),
  );
}

function show(outcome: PlanOutcome): void {
  first = false;
  shell.head(
    [outcome.what, ' · tried ', ui.moment(outcome.at), ' · nothing was written'],
    [ui.button('Preview again', again)],
  );
  const { plan, refusal } = outcome;
  if (plan !== null) shell.show(...planView(plan, actions));
  else if (refusal !== null) shell.show(refusalView(refusal, actions));
  shell.say(plan === null ? 'The contract cannot run.' : 'The preview is there.');
}

function tell(error: Error): void {
  shell.say(error.message);
  host.failed(error.message);
}
