import type { Dashboard, DashboardUnreadable } from '../../src/core/review/dashboardModel.ts';
import type { Place } from '../../src/core/review/place.ts';
import { html } from '../shared/dom.ts';
import { actionRow, card, keyed, link, verdict } from '../shared/ui.ts';

/** Why a part that rests on a report shows nothing although the report is there; null when it can be used. */
export function unusable(
  { unreadable }: Dashboard,
  part: DashboardUnreadable['part'],
  open: (place: Place) => void,
  title = 'This report cannot be used',
): HTMLElement | null {
  const found = unreadable.find((one) => one.part === part);
  if (found === undefined) return null;
  return html(
    'div',
    { class: 'state failure', role: 'alert' },
    html('strong', {}, verdict('bad', title)),
    html('p', {}, found.message),
    actionRow(
      keyed(
        `unreadable-${part}`,
        link('Open the file', () => open(found.place)),
      ),
    ),
  );
}

/** A card whose report is not there, or is there and cannot be used. */
export function without(title: string, told: HTMLElement | null, missing: HTMLElement): HTMLElement {
  return card(title, told ?? missing);
}
