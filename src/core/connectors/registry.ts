import { emulatorConnector } from '../load/emulator/emulatorConnector.ts';
import { postgresConnector } from '../load/postgres/postgresConnector.ts';
import type { Connector } from './connector.ts';
import { csvConnector } from './csv/csvConnector.ts';
import { jdbcConnector } from './experimental/jdbcConnector.ts';
import { jsonConnector } from './experimental/jsonConnector.ts';
import { odbcConnector } from './experimental/odbcConnector.ts';
import { irisConnector } from './iris/irisConnector.ts';

/** Every connector there is, in the order in which they are offered. Forms, help and documentation are derived from it. */
export const CONNECTORS: readonly Connector[] = [
  csvConnector,
  postgresConnector,
  emulatorConnector,
  irisConnector,
  odbcConnector,
  jdbcConnector,
  jsonConnector,
] as unknown as readonly Connector[];

export function connectorOf(id: string): Connector | undefined {
  return CONNECTORS.find((connector) => connector.id === id);
}
