/** A piece of markup whose text is already escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | null | undefined | Markup | readonly (string | Markup)[];

/** Markup with every value escaped, but those that are markup. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, index) => part + (index < values.length ? shown(values[index]) : '')).join(''));
}

function shown(value: Value): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(shown).join('');
  return escapeHtml(String(value ?? ''));
}

/** Text as it may stand between tags and in attributes. */
export function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (mark) => names[mark] ?? mark).replace(/(?![\t\n\r])\p{Cc}/gu, '\uFFFD');
}

/** A table; a sentence when it has no row. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | Markup | null)[])[],
  none: string,
): Markup {
  if (rows.length === 0) return html`<p class="none">${none}</p>`;
  const line = (cells: readonly (string | number | Markup | null)[]): Markup =>
    html`<tr>${cells.map((cell) => (typeof cell === 'number' ? html`<td class="number">${cell.toLocaleString('en-GB')}</td>` : html`<td>${cell}</td>`))}</tr>
`;
  return html`<table><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>
${rows.map(line)}</tbody></table>`;
}

/** A word with the colour of what it says. */
export function badge(word: string, kind: 'good' | 'bad' | 'open'): Markup {
  return html`<span class="badge ${kind}">${word.replaceAll('_', ' ')}</span>`;
}
