import { optionFields } from '../../src/core/connectors/optionFields.ts';
import { CONNECTOR_POLICY, DATA_POLICY, type PolicyLine, RELEASE_PROFILES } from '../../src/core/connectors/policy.ts';
import { CONNECTORS } from '../../src/core/connectors/registry.ts';

/** The part of docs/connectors.md that is made from the registry and the policy. */
export function connectorDocs(): string {
  const parts = CONNECTORS.map((connector) => {
    const { capabilities } = connector;
    const can = Object.entries(capabilities).flatMap(([name, able]) => (able ? [name] : []));
    const rows = optionFields(connector.options).map((field) => {
      const kind = field.secret ? 'secret' : field.type === 'choice' ? field.choices.join(', ') : field.type;
      const standard = field.standard === null ? (field.required ? 'needed' : '') : `\`${field.standard}\``;
      return `| \`${field.name}\` | ${kind} | ${field.standard === '' ? 'empty' : standard} | ${cell(field.description)} |`;
    });
    const side = connector.kind === 'both' ? 'source and target' : connector.kind;
    return [
      `### \`${connector.id}\`: ${connector.title}`,
      '',
      `${connector.stage}, ${side}. ${cell(connector.summary)} ${cell(connector.limits)}`,
      `Can: ${can.length === 0 ? 'nothing yet but be configured' : can.join(', ')}.`,
      '',
      '| option | values | standard | what it says |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return [...parts, '### Policy', ...[CONNECTOR_POLICY, DATA_POLICY].map((lines) => policyTable(lines))].join('\n\n');
}

function policyTable(lines: readonly PolicyLine<string>[]): string {
  const subjects = [...new Set(lines.map(({ subject }) => subject))];
  const rows = subjects.map((subject) => {
    const cells = RELEASE_PROFILES.map((profile) => {
      const line = lines.find((one) => one.subject === subject && one.profile === profile);
      return line?.allowed === true ? 'yes' : `no: ${line?.reason}`;
    });
    return `| ${subject} | ${cells.join(' | ')} |`;
  });
  return [`| | ${RELEASE_PROFILES.join(' | ')} |`, '|---|---|---|---|', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
