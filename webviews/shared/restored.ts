import type { RestoreLine } from '../../src/core/review/lifecycleModel.ts';
import { html } from './dom.ts';
import { when } from './format.ts';
import { moment } from './ui.ts';

/** What a restore put back, when, and to which snapshot, as a sentence. */
export function restored({ at, snapshot, snapshotAt, reason, from }: RestoreLine, who = ''): HTMLElement {
  const what = from === null ? 'The whole project' : `What ${from} and later stages write`;
  const name = reason === '' ? `made ${when(snapshotAt)}` : `“${reason}”, made ${when(snapshotAt)}`;
  const by = who === '' ? '' : ` by ${who}`;
  return html(
    'p',
    {},
    `${what} was restored${by} `,
    moment(at),
    ` from the snapshot ${name} `,
    html('span', { class: 'note' }, `(${snapshot})`),
    '.',
  );
}
