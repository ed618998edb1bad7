import { discover } from '../core/connectors/discoverTool.ts';
import { previewTable, testConnection } from '../core/connectors/lookTools.ts';
import type { SecretSource } from '../core/connectors/secrets.ts';
import type { StageContext } from '../core/lifecycle/stage.ts';
import type { Connectors, PreviewRows } from '../core/review/connectorsModel.ts';
import { optionFault, readConnectors } from '../core/review/connectorsView.ts';
import { formatProblem } from '../core/shared/problem.ts';

/** Secrets of one connection, by option. They travel with the question that needs them and are kept nowhere. */
export interface GivenSecrets {
  readonly connection: string;
  readonly secrets: Readonly<Record<string, string>>;
}

/** What connector commands and the Connectors panel ask of the core's thread. */
export type ConnectorAsk =
  | { readonly about: 'view' }
  | { readonly about: 'fault'; readonly type: string; readonly option: string; readonly text: string }
  | { readonly about: 'test'; readonly name: string; readonly given: GivenSecrets }
  | { readonly about: 'tables'; readonly name: string; readonly given: GivenSecrets }
  | { readonly about: 'preview'; readonly name: string; readonly table: string; readonly given: GivenSecrets };

export interface ConnectorAnswers {
  readonly view: Connectors;
  readonly fault: string | null;
  readonly test: { readonly ok: boolean; readonly message: string };
  readonly tables: readonly string[];
  readonly preview: PreviewRows;
}

/** Rows that the editor shows. */
const ROWS = 50;

/** The secrets that came with a question. */
export function secretsFrom(given: GivenSecrets | undefined): SecretSource {
  return async (connection, option) =>
    connection === given?.connection && Object.hasOwn(given.secrets, option) ? (given.secrets[option] ?? null) : null;
}

/** Answers in the core's thread. @param contextWith a context that has the secrets */
export async function answerConnector(
  ask: ConnectorAsk,
  contextWith: (secret: SecretSource) => StageContext,
): Promise<ConnectorAnswers[keyof ConnectorAnswers]> {
  switch (ask.about) {
    case 'view':
      return readConnectors(contextWith(secretsFrom(undefined)).project);
    case 'fault':
      return optionFault(ask.type, ask.option, ask.text);
    case 'test':
      return testConnection(contextWith(secretsFrom(ask.given)), ask.name);
    case 'tables': {
      const found = await discover(contextWith(secretsFrom(ask.given)), ask.name, 'source');
      return [...found.catalog.tables.keys()];
    }
    case 'preview': {
      const shown = await previewTable(contextWith(secretsFrom(ask.given)), ask.name, ask.table, ROWS);
      return {
        columns: [...shown.columns],
        rows: shown.rows.map((row) => [...row]),
        more: shown.more,
        problems: shown.problems.map(formatProblem),
      };
    }
  }
}
