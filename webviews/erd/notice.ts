import type { CatalogSide } from '../../src/core/catalog/catalog.ts';
import type { ErdView } from '../../src/core/erd/view.ts';
import { html } from '../shared/dom.ts';

type Action = readonly [label: string, act: () => void];

/** What stands in the place of the diagram when there is none, and what to do about it. */
export class Notice {
  readonly element = html('div', { class: 'notice', hidden: true });

  hide(): void {
    this.element.hidden = true;
  }

  noSchema(hasProject: boolean, extractSpecs: () => void): void {
    if (hasProject)
      this.#say(
        'No schema yet',
        'The diagram is drawn from the schema catalogs, which Extract Specs makes from the requirement documents.',
        ['Extract Specs', extractSpecs],
      );
    else this.#say('No project is open', 'Open the folder of a migration project.');
  }

  /**
   * There is a catalog, but no table in it.
   *
   * @param hasProblems what is wrong with it is told above
   */
  noTable(side: CatalogSide, hasProblems: boolean, openCatalog: () => void): void {
    this.#say(
      `The ${side} catalog gave no table`,
      hasProblems
        ? 'What is wrong with it stands above and in the Problems panel. Mend the file, or make it anew with Extract Specs.'
        : 'It lists no field. Extract Specs makes it anew from the requirement documents.',
      ['Open catalog', openCatalog],
    );
  }

  /** There are tables, but the settings hide them all. */
  allHidden(view: ErdView, startAnew: () => void): void {
    this.#say(
      'No table to show',
      view.missing.length > 0
        ? 'The chosen tables are hidden by the domain filter or are no longer in the schema.'
        : 'The domain filter hides every table.',
      ['Start anew', startAnew],
    );
  }

  fail(title: string, message: string, action: Action): void {
    this.#say(title, message, action);
    this.element.setAttribute('role', 'alert');
  }

  #say(title: string, text: string, action: Action | null = null): void {
    this.element.removeAttribute('role');
    this.element.replaceChildren(
      html('h2', {}, title),
      html('p', {}, text),
      ...(action === null ? [] : [html('button', { click: action[1] }, action[0])]),
    );
    this.element.hidden = false;
  }
}
