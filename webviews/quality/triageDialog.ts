import { DISPOSITIONS, type Disposition, MOST_COMMENT, reasonMissing } from '../../src/core/governance/dispositions.ts';
import type { TriagePlan } from '../../src/core/review/issues/issueQuery.ts';
import type { Change } from '../../src/extension/panels/qualityProtocol.ts';
import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import { FormDialog, formField } from './dialog.ts';

/** Keeps a part of the decision as it is for each issue. */
const KEEP = '*';

interface Draft {
  readonly disposition: string;
  readonly owner: string;
  readonly due: string;
  readonly comment: string;
}
/** What was written and not recorded, by what it is about: a dialog that is closed by mistake loses no reason. */
const drafts = new Map<string, Draft>();

/**
 * Asks for a decision about what was chosen, after saying how many issues that are.
 *
 * @param about names what was chosen: what was written about the same before stands there again
 */
export function decide(plan: TriagePlan, about: string, save: (change: Change) => Promise<void>): void {
  const disposition = html(
    'select',
    {},
    html('option', { value: KEEP }, 'Leave as it is'),
    html('option', { value: '' }, 'None yet'),
    ...Object.entries(DISPOSITIONS).map(([value, words]) => html('option', { value }, words)),
  );
  const owner = html('input', { type: 'text', autocomplete: 'off' });
  const due = html('input', { type: 'date' });
  const comment = html('textarea', { rows: 3, maxlength: MOST_COMMENT });
  const dialog = new FormDialog(
    `Decide about ${counted(plan.issues, 'issue')}`,
    `Record for ${counted(plan.issues, 'issue')}`,
    [
      preview(plan),
      formField('Disposition', disposition),
      formField('Owner', owner, 'Empty: leave as it is'),
      formField('Due', due, 'Empty: leave as it is'),
      formField(
        'Comment: why?',
        comment,
        'Needed to accept or exclude; kept in governance/triage.csv. Write no patient’s data here.',
      ),
    ],
    async () => {
      const chosen = dispositionOf(disposition.value);
      const missing = reasonMissing(chosen, comment.value);
      if (missing !== null) throw new Error(missing);
      const change: Change = {
        ...(disposition.value === KEEP ? {} : { disposition: chosen }),
        ...(owner.value.trim() === '' ? {} : { owner: owner.value.trim() }),
        ...(due.value === '' ? {} : { dueDate: due.value }),
        ...(comment.value.trim() === '' ? {} : { comment: comment.value.trim() }),
      };
      if (Object.keys(change).length === 0)
        throw new Error('Choose a disposition, an owner, a due date, or write a comment.');
      await save(change);
      drafts.delete(about);
    },
  );
  const draft = drafts.get(about);
  if (draft !== undefined) {
    disposition.value = draft.disposition;
    owner.value = draft.owner;
    due.value = draft.due;
    comment.value = draft.comment;
  }
  const keep = (): void => {
    const parts = { disposition: disposition.value, owner: owner.value, due: due.value, comment: comment.value };
    drafts.set(about, parts);
  };
  for (const field of [disposition, owner, due, comment]) field.addEventListener('input', keep);
  const judge = (): void => {
    const chosen = dispositionOf(disposition.value);
    comment.setAttribute('aria-required', String(reasonMissing(chosen, '') !== null));
    const refused = plan.refused ?? (chosen === '' ? undefined : plan.refusals[chosen]) ?? null;
    dialog.problem(refused);
    // Who may decide is asked afresh when it is recorded: the roles file may be another by then.
    dialog.enable(plan.refused === null);
  };
  // Who may not decide so is told before they have written why.
  disposition.addEventListener('change', judge);
  dialog.open();
  judge();
}

function dispositionOf(chosen: string): Disposition | '' {
  return (Object.keys(DISPOSITIONS) as Disposition[]).find((known) => known === chosen) ?? '';
}

function preview(plan: TriagePlan): HTMLElement {
  const parts = [
    ...(plan.groups === 0
      ? []
      : [
          `${counted(plan.groups, 'whole cause')} (holds for later runs until a cause has more rows; then it is shown as open again)`,
        ]),
    ...(plan.lines === 0 ? [] : [counted(plan.lines, 'single issue')]),
  ];
  const warnings = [
    ...(plan.decided === 0
      ? []
      : [
          `${counted(plan.decided, 'issue')} of them already ${plan.decided === 1 ? 'has' : 'have'} a disposition, which is replaced.`,
        ]),
    ...(plan.safetyCritical === 0
      ? []
      : [`${counted(plan.safetyCritical, 'safety-critical reject')} among them: your role must allow the decision.`]),
  ];
  return html(
    'div',
    { class: 'preview' },
    html('p', {}, `This records ${parts.length === 0 ? 'nothing' : parts.join(' and ')}.`),
    ...warnings.map((text) => html('p', { class: 'warn' }, text)),
  );
}
