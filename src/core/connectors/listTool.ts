import { z } from 'zod';
import { defineStage, type StageResult } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { compareText } from '../shared/order.ts';
import { formatProblem } from '../shared/problem.ts';
import type { Connector } from './connector.ts';
import { type ConnectorChoices, readConnectorChoices } from './connectorsFile.ts';
import { type OptionField, optionFields } from './optionFields.ts';
import { connectorPolicy, RELEASE_PROFILES } from './policy.ts';
import { CONNECTORS } from './registry.ts';
import { secretVariable } from './secrets.ts';

/** Shows the connections of the project and every connector with its options, limits and policy. */
export const listConnectors = defineStage({
  id: 'connectors list',
  title: 'List connectors',
  owner: 'etl_engineer',
  summary: 'List the connections of connectors.json and the connectors there are, with options and policy.',
  example: 'pas-migration connectors list',
  options: z.object({
    type: z.string().min(1).optional().describe('show the options of this connector only'),
  }),
  readOnly: true,
  reads: [ARTEFACTS.connectors],
  writes: [],
  async run(context, { type }): Promise<StageResult> {
    const { value: choices, problems } = await readConnectorChoices(context.project);
    const shown = type === undefined ? CONNECTORS : CONNECTORS.filter(({ id }) => id === type);
    return {
      status: problems.length === 0 ? 'passed' : 'failed',
      summary: {
        source: choices.source,
        target: choices.target,
        connections: connectionsOf(choices),
        connectors: shown.map(describe),
        problems: problems.map(formatProblem),
      },
      text: [
        ...problems.map(formatProblem),
        ...connectionLines(choices),
        '',
        ...shown.flatMap((one) => connectorLines(one, type !== undefined)),
      ],
      inputs: [ARTEFACTS.connectors],
      outputs: [],
    };
  },
});

function connectionsOf(choices: ConnectorChoices) {
  return [...choices.connections]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, { type, options }]) => ({ name, type, options }));
}

function connectionLines(choices: ConnectorChoices): string[] {
  const lines = connectionsOf(choices).map(({ name, type, options }) => {
    const use = (['source', 'target'] as const).filter((side) => choices[side] === name).join(' and ');
    const given = Object.entries(options).map(([key, value]) => `${key}=${String(value)}`);
    return `${name}: ${[type, ...given].join(' ')}${use === '' ? '' : ` (${use})`}`;
  });
  return lines.length === 0 ? ['No connection is configured; run connectors set NAME --type TYPE.'] : lines;
}

/** A connector as data: what a page or another tool needs to offer it. */
export function describe(connector: Connector) {
  const { id, title, kind, stage, summary, limits, capabilities, options } = connector;
  return {
    id,
    title,
    kind,
    stage,
    summary,
    limits,
    capabilities,
    policy: Object.fromEntries(
      RELEASE_PROFILES.map((profile) => {
        const { allowed, reason } = connectorPolicy(stage, profile);
        return [profile, { allowed, reason }];
      }),
    ),
    options: optionFields(options),
  };
}

function connectorLines(connector: Connector, whole: boolean): string[] {
  const refused = RELEASE_PROFILES.filter((profile) => !connectorPolicy(connector.stage, profile).allowed);
  const not = refused.length === 0 ? '' : `, not for ${refused.join(' and ')}`;
  const head = `${connector.id}: ${connector.title} (${connector.kind === 'both' ? 'source and target' : connector.kind}, ${connector.stage}${not})`;
  const lines = [head, `  ${connector.summary}`, `  ${connector.limits}`];
  return whole ? [...lines, ...optionFields(connector.options).map(optionLine)] : lines;
}

/** `  --option delimiter=…  text (auto): character between cells`. */
function optionLine(field: OptionField): string {
  if (field.secret)
    return `  ${field.name}: secret, asked for or in ${secretVariable('NAME', field.name)}: ${field.description}`;
  const kind = field.type === 'choice' ? field.choices.join('|') : field.type;
  const standard = field.standard === null ? (field.required ? 'needed' : 'optional') : `"${field.standard}"`;
  return `  --option ${field.name}=… ${kind}, ${standard}: ${field.description}`;
}
