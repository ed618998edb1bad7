/** Attributes by name; a function listens, `true` sets an empty attribute, `false` and null leave it out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | ((event: never) => void)>>;

const SVG = 'http://www.w3.org/2000/svg';

/** An HTML element with attributes and children. Text is only ever set as text. */
export function html<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  fill(element, attributes, children);
  return element;
}

function fill(element: Element, attributes: Attributes, children: readonly (Node | string)[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value as (event: Event) => void);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.map((child) => (typeof child === 'string' ? visible(child) : child)));
}

/** Characters that nobody sees or that turn the direction of what follows; line ends and tabs are none of them. */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

/** A text with such characters spelt out, so that a name cannot look like another. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (char) => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** Attributes that say what a button does, to eyes and ears. */
export function named(label: string): Attributes {
  return { 'aria-label': label, title: label };
}

/** True when the person or the editor asks for less movement. */
export function prefersStillness(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}
