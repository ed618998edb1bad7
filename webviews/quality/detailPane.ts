import type { IssueDetail, IssueRow } from '../../src/core/review/issues/issueQuery.ts';
import { html } from '../shared/dom.ts';
import { Latest } from '../shared/latest.ts';
import type { ExplorerParts } from './explorer.ts';
import { issueDetail } from './issueDetail.ts';
import { placeOf } from './issueWords.ts';

export interface PaneActs {
  /** The row that is shown became another, or none; `back`: the focus goes to the list. */
  readonly changed: (back: boolean) => void;
  readonly decide: (row: IssueRow) => void;
  /** Lists the issues of one cause. */
  readonly cause: (key: string) => void;
  readonly failed: (error: unknown) => void;
}

/** One issue beside the list, with what it leads to. */
export class DetailPane {
  readonly #parts: Pick<ExplorerParts, 'host' | 'canDecide' | 'rule' | 'say'>;
  readonly #acts: PaneActs;
  readonly #latest = new Latest();
  readonly element = html('aside', { class: 'issue-detail', 'aria-label': 'Issue', hidden: true });
  #shown: number | null = null;

  constructor(parts: Pick<ExplorerParts, 'host' | 'canDecide' | 'rule' | 'say'>, acts: PaneActs) {
    this.#parts = parts;
    this.#acts = acts;
  }

  /** Place of the issue that is shown; null when none is. */
  get shown(): number | null {
    return this.#shown;
  }

  async open(ordinal: number): Promise<void> {
    this.#shown = ordinal;
    try {
      const found = await this.#latest.of(this.#parts.host.ask('detail', { ordinal }));
      if (found === null || found.answer === null) return;
      this.#draw(found.answer);
      this.#acts.changed(false);
    } catch (error) {
      this.#acts.failed(error);
    }
  }

  close(): void {
    this.#latest.drop();
    this.#shown = null;
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  #draw(detail: IssueDetail): void {
    const { host, canDecide, rule, say } = this.#parts;
    const { row } = detail;
    const lead = (answer: Promise<unknown>): void => void answer.catch(this.#acts.failed);
    this.element.hidden = false;
    this.element.replaceChildren(
      ...issueDetail(detail, {
        canDecide: canDecide(),
        close: () => {
          this.close();
          this.#acts.changed(true);
        },
        decide: () => this.#acts.decide(row),
        rule,
        contractRow: (at) => lead(host.ask('openContractRow', at)),
        row: (side) => lead(host.ask('openRow', { ordinal: row.ordinal, side })),
        cause: () => this.#acts.cause(row.cause),
      }),
    );
    this.element.scrollIntoView({ block: 'nearest' });
    say(`${row.ruleId} ${placeOf(row)}: ${row.message}`);
  }
}
