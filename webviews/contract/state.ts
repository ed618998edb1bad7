import { EVERY_ROW, type SheetQuery } from '../../src/core/review/contractSheet.ts';
import { type FromContractPage, readQuery } from '../../src/extension/panels/contractProtocol.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromContractPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};
const editor = acquireVsCodeApi();

/** Columns shown at first: what a reviewer decides on. The rest can be chosen. */
export const FIRST_COLUMNS = [
  'target_table',
  'target_field',
  'mandatory',
  'mapping_class',
  'source_table',
  'source_field',
  'rule',
  'crosswalk',
  'confidence',
  'status',
  'owner',
  'notes',
];

export interface Kept {
  query: SheetQuery;
  offset: number;
  columns: string[];
}

export function send(message: FromContractPage): void {
  editor.postMessage(message);
}

/** What the page showed before it was reloaded. */
export function kept(): Kept {
  const state = editor.getState() as Partial<Kept> | undefined;
  return {
    query: readQuery(state?.query) ?? EVERY_ROW,
    offset: Number.isInteger(state?.offset) ? Math.max(0, Number(state?.offset)) : 0,
    columns: Array.isArray(state?.columns) ? state.columns.filter((name) => typeof name === 'string') : FIRST_COLUMNS,
  };
}

export function keep(state: Kept): void {
  editor.setState(state);
}
