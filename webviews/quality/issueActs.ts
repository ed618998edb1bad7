import { DECIDED } from '../../src/core/governance/dispositions.ts';
import type { IssueFilter, IssueSort } from '../../src/core/review/issues/issueQuery.ts';
import { counted } from '../shared/format.ts';
import type { ExplorerParts } from './explorer.ts';
import { decide } from './triageDialog.ts';

type Host = ExplorerParts['host'];

/** Some lines of the list, or all that a filter finds. */
export type Selection = { ordinals: number[] } | { filter: IssueFilter };

/**
 * Asks for a decision about what is selected and records it.
 *
 * @param recorded told in words what was recorded, before the dialog closes
 */
export async function decideAbout(
  host: Host,
  selection: Selection,
  recorded: (words: string) => Promise<void>,
): Promise<void> {
  const plan = await host.ask('plan', { selection });
  // Places count lines of the files as they were in this version.
  const about = JSON.stringify('ordinals' in selection ? [plan.version, ...selection.ordinals] : selection.filter);
  decide(plan, about, async (change) => {
    const { issues } = await host.ask('decide', { selection, change, version: plan.version });
    const what = change.disposition === undefined ? 'changed' : DECIDED[change.disposition];
    await recorded(`${counted(issues, 'issue')} ${what}.`);
  });
}

/** Writes what a filter finds to a file that the person chooses; says what was written, null when they chose none. */
export async function exportFound(host: Host, filter: IssueFilter, sort: IssueSort): Promise<string | null> {
  const done = await host.ask('export', { filter, sort }).catch((error: Error) => {
    if (error.message === 'Cancelled.') return 'The export was cancelled; nothing was written.';
    throw error;
  });
  if (done === null || typeof done === 'string') return done;
  const guarded =
    done.guarded === 0
      ? ''
      : ` ${counted(done.guarded, 'cell')} that a spreadsheet would run as a formula ${done.guarded === 1 ? 'begins' : 'begin'} with an apostrophe.`;
  return `${counted(done.rows, 'issue')} written to ${done.file}.${guarded}`;
}
