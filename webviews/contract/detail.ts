import type { CellValues, RowMark } from '../../src/core/review/contractSheet.ts';
import type { RowDetail, ValueCount } from '../../src/core/review/rowFacts.ts';
import { html } from '../shared/dom.ts';
import { counted } from '../shared/format.ts';
import { type CommentBox, commentBox } from './comment.ts';
import { sampleView } from './sample.ts';
import { shown as readable } from './words.ts';

/** What the detail can ask for. */
export interface DetailActions {
  /** @param comment what the reviewer says of a decision */
  set(values: CellValues, comment?: string): void;
  /** Tries the text as it is on the project's data; null when that cannot be done here. */
  readonly tryOnData: (() => void) | null;
  samples(): void;
  openText(): void;
  openCrosswalk(name: string): void;
  /** Draws the detail as it is. */
  refresh(): void;
  close(): void;
}

/** Everything about one row, at the side of the grid. */
export function rowDetailView(
  cells: Readonly<Record<string, string>>,
  marks: readonly RowMark[],
  detail: RowDetail,
  canEdit: boolean,
  act: DetailActions,
): Node[] {
  const parts: Node[] = [
    html('h2', {}, `${cells['target_table']}.${cells['target_field']}`),
    html(
      'p',
      { class: 'note' },
      `${cells['data_type']}${cells['mandatory'] === 'Y' ? ', mandatory' : ''}${cells['row_set'] === '' ? '' : `, row set ${cells['row_set']}`}`,
    ),
    html(
      'div',
      { class: 'actions' },
      html('button', { class: 'secondary', click: () => act.openText() }, 'Open as text'),
      ...(act.tryOnData === null
        ? []
        : [html('button', { class: 'secondary', click: () => act.tryOnData?.() }, 'Try on data…')]),
      html('button', { class: 'secondary', click: () => act.close() }, 'Close'),
    ),
    ...(canEdit ? review(cells['status'] ?? '', act) : []),
  ];
  if (marks.length > 0)
    parts.push(
      html('h3', {}, 'Problems'),
      html(
        'ul',
        {},
        ...marks.map((mark) =>
          html(
            'li',
            {},
            html('span', { class: `mark ${mark.severity}` }, `${mark.severity}: `),
            `${mark.message} `,
            html('code', {}, mark.code),
          ),
        ),
      ),
    );
  parts.push(html('h3', {}, 'Candidates'), candidates(detail, canEdit, act));
  if (detail.profile !== null) parts.push(html('h3', {}, 'Source column'), facts(detail.profile));
  if (detail.crosswalk !== null) {
    const { name, codes, safetyCritical, unknown } = detail.crosswalk;
    parts.push(
      html('h3', {}, `Crosswalk ${name}`),
      html(
        'p',
        {},
        `${counted(codes, 'code')}${safetyCritical ? ', safety-critical' : ''}. `,
        unknown.length === 0
          ? 'The last run met no unknown code.'
          : `${counted(unknown.length, 'code')} of the last run ${unknown.length === 1 ? 'is' : 'are'} unknown.`,
      ),
      ...(unknown.length === 0 ? [] : [counts(unknown)]),
      html('button', { class: 'secondary', click: () => act.openCrosswalk(name) }, 'Open crosswalk'),
    );
  }
  parts.push(html('h3', {}, 'Values'));
  if (detail.samples === null)
    parts.push(
      html('p', { class: 'note' }, 'What this row makes of the project’s data; read only when you ask.'),
      html('button', { class: 'secondary', click: () => act.samples() }, 'Show source → target values'),
    );
  else parts.push(...sampleView(detail.samples));
  parts.push(html('h3', {}, 'History'), history(detail));
  return parts;
}

/** The next steps of the review; a decision takes a comment, a rejection needs one. */
function review(status: string, act: DetailActions): Node[] {
  const button = (label: string, value: string, kind = ''): Node =>
    html('button', { class: kind, click: () => act.set({ status: value }) }, label);
  if (status === 'DRAFT' || status === 'REJECTED')
    return [html('div', { class: 'actions' }, button('Send to review', 'IN_REVIEW'))];
  if (status !== 'IN_REVIEW') return [html('div', { class: 'actions' }, button('Back to draft', 'DRAFT', 'secondary'))];
  const comment = commentBox(false);
  const why = commentBox(true, 'Comment');
  const decide = (value: string, box: CommentBox): void => {
    if (box.isGiven()) act.set({ status: value }, box.text());
  };
  const reject = html('button', { class: 'secondary', click: () => open() }, 'Reject…');
  const place = html('div', {}, comment.element);
  const buttons = html(
    'div',
    { class: 'actions' },
    html('button', { click: () => decide('APPROVED', comment) }, 'Approve'),
    reject,
    button('Back to draft', 'DRAFT', 'secondary'),
  );
  const open = (): void => {
    place.replaceChildren(why.element);
    buttons.replaceChildren(
      html('button', { click: () => decide('REJECTED', why) }, 'Reject'),
      html('button', { class: 'secondary', click: () => act.refresh() }, 'Do not reject'),
    );
    why.element.querySelector('textarea')?.focus();
  };
  return [place, buttons];
}

function candidates(detail: RowDetail, canEdit: boolean, act: DetailActions): Node {
  if (detail.candidates.length === 0) return html('p', { class: 'note' }, 'The analysis found none.');
  return html(
    'ul',
    {},
    ...detail.candidates.map((candidate) => {
      const name = `${candidate.sourceTable}.${candidate.sourceField}`;
      const use = (): void =>
        act.set({
          mapping_class: candidate.proposedClass === 'unresolved' ? 'direct' : candidate.proposedClass,
          source_table: candidate.sourceTable,
          source_field: candidate.sourceField,
        });
      return html(
        'li',
        {},
        html('strong', {}, name),
        ` ${Math.round(candidate.score * 100)} % `,
        ...(canEdit
          ? [html('button', { class: 'link', 'aria-label': `Map to it: ${name}`, click: use }, 'Map to it')]
          : []),
        html('div', { class: 'note' }, candidate.reasons),
      );
    }),
  );
}

function facts(profile: Readonly<Record<string, string>>): Node {
  const shown = ['rows', 'null_percent', 'distinct_count', 'min_length', 'max_length', 'detected_format', 'top_values'];
  return html(
    'dl',
    {},
    ...shown
      .filter((name) => (profile[name] ?? '') !== '')
      .flatMap((name) => [
        html('dt', { class: 'note' }, name.replaceAll('_', ' ')),
        html('dd', {}, readable(profile[name] ?? '')),
      ]),
  );
}

function counts(values: readonly ValueCount[]): Node {
  if (values.length === 0) return html('p', { class: 'note' }, 'None.');
  return html(
    'dl',
    {},
    ...values.flatMap(({ value, rows }) => [
      html('dt', {}, value === '' ? '(empty)' : readable(value)),
      html('dd', { class: 'note' }, counted(rows, 'row')),
    ]),
  );
}

function history(detail: RowDetail): Node {
  if (detail.history.length === 0) return html('p', { class: 'note' }, 'No change is recorded yet.');
  return html(
    'ul',
    {},
    ...detail.history.slice(0, 30).map((event) =>
      html(
        'li',
        {},
        `${event.at.slice(0, 16).replace('T', ' ')} UTC, ${event.who}: `,
        Object.entries(event.cells)
          .map(
            ([column, [before, after]]) => `${column} ${readable(before) || 'empty'} → ${readable(after) || 'empty'}`,
          )
          .join('; ') || event.kind.replace('_', ' '),
        event.comment === '' ? '' : html('q', { class: 'said' }, readable(event.comment)),
      ),
    ),
  );
}
