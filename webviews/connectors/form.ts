import type { ConnectorField, Connectors, ConnectorType } from '../../src/core/review/connectorsModel.ts';
import { html } from '../shared/dom.ts';
import { actionRow, button, card, keyed, select, textField } from '../shared/ui.ts';

export interface FilledForm {
  readonly name: string;
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
  readonly use: 'source' | 'target' | 'none' | null;
}

interface FormParts {
  /** What is wrong with a text as it is typed; empty when nothing is. */
  readonly fault: (type: string, option: string, text: string) => Promise<string>;
  /** What is wrong with the whole; empty when it was saved. */
  readonly save: (form: FilledForm) => Promise<string>;
  readonly cancel: () => void;
}

/** A form made from the connector's own schema. Secrets are not in it: the editor asks for them. */
export function connectionForm(view: Connectors, name: string, parts: FormParts): HTMLElement {
  const before = view.connections.find((connection) => connection.name === name);
  const options: Record<string, string> = { ...before?.options };
  let [typed, type] = [name, before?.type ?? view.types[0]?.id ?? ''];
  let use: FilledForm['use'] =
    view.source === name && name !== '' ? 'source' : view.target === name && name !== '' ? 'target' : 'none';
  const fields = html('div', { class: 'connection-form' });
  const problem = html('p', { role: 'alert', class: 'fault' });
  const build = (): void => {
    const known = view.types.find(({ id }) => id === type);
    fields.replaceChildren(
      ...(known === undefined
        ? []
        : [
            limits(known),
            useField(known),
            ...known.fields.filter(({ secret }) => !secret).map((field) => optionField(field)),
          ]),
    );
  };
  const limits = (known: ConnectorType): HTMLElement =>
    html('p', { class: 'hint' }, `${known.summary} ${known.limits}`);
  const useField = (known: ConnectorType): HTMLElement => {
    const sides = known.kind === 'both' ? (['source', 'target'] as const) : [known.kind];
    const choices = [{ value: 'none', label: 'neither yet' }, ...sides.map((side) => ({ value: side, label: side }))];
    return select('Used as', choices, use ?? 'none', (value) => {
      use = value === 'source' || value === 'target' ? value : 'none';
    });
  };
  const optionField = (field: ConnectorField): HTMLElement => {
    const fault = html('span', { class: 'fault', role: 'status' });
    let asked = 0;
    const changed = (text: string): void => {
      options[field.name] = text;
      asked += 1;
      const mine = asked;
      void parts.fault(type, field.name, text).then((message) => {
        // Only the answer to what stands there now counts.
        if (mine === asked) fault.textContent = message;
      });
    };
    const value = options[field.name] ?? field.standard ?? '';
    const choices = field.type === 'boolean' ? ['true', 'false'] : field.choices;
    const control =
      choices.length > 0
        ? select(
            field.name,
            choices.map((choice) => ({ value: choice, label: choice })),
            value,
            changed,
          )
        : textField(`${field.name}${field.required ? ' (needed)' : ''}`, value, changed);
    return html('div', { class: 'option' }, control, html('span', { class: 'hint' }, field.description), fault);
  };
  build();
  const heading =
    name === ''
      ? [
          textField(
            'Name',
            '',
            (text) => {
              typed = text;
            },
            { placeholder: 'legacy-extract' },
          ),
          select(
            'Connector',
            view.types.map(({ id, title, stage }) => ({ value: id, label: `${title} (${stage})` })),
            type,
            (value) => {
              type = value;
              for (const key of Object.keys(options)) delete options[key];
              build();
            },
          ),
        ]
      : [];
  const save = (): void => {
    void parts.save({ name: typed, type, options, use }).then(
      (message) => {
        problem.textContent = message;
      },
      (error: Error) => {
        problem.textContent = error.message;
      },
    );
  };
  return card(
    name === '' ? 'New connection' : `Connection ${name}`,
    html('div', { class: 'connection-form' }, ...heading),
    fields,
    problem,
    actionRow(
      keyed('save', button('Save', save, { look: 'primary' })),
      keyed('cancel', button('Cancel', parts.cancel)),
    ),
  );
}
