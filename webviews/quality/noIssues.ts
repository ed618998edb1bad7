import type { IssueFiles } from '../../src/core/review/issues/issueQuery.ts';
import { button, empty } from '../shared/ui.ts';

export interface NothingActions {
  readonly clear: () => void;
  readonly runLifecycle: () => void;
}

/**
 * Why the list is empty, and what a person can do about it.
 *
 * @param total issues there would be without a filter
 */
export function nothing(total: number, files: IssueFiles | null, act: NothingActions): HTMLElement {
  if (total > 0)
    return empty(
      'No issue fits the filters',
      'Clear them to see all.',
      button('Clear filters', () => act.clear()),
    );
  const none = files?.files.every(({ bytes }) => bytes === null) === true;
  return none
    ? empty(
        'No issue files yet',
        'The migration and the quality rules write them. Run the lifecycle first.',
        button('Run Lifecycle', () => act.runLifecycle(), { look: 'primary' }),
      )
    : empty('No issues', 'The last run found nothing to look at: no failing row and no reject.');
}
