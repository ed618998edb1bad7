import type { Problem, Severity } from '../shared/problem.ts';
import type { ContractField, ContractTable } from './contract.ts';

/** Collects the problems of one compilation, each at the contract line that causes it. */
export class CompileLog {
  readonly problems: Problem[] = [];
  readonly #files: { readonly contractFile: string; readonly tablesFile: string };

  constructor(files: { readonly contractFile: string; readonly tablesFile: string }) {
    this.#files = files;
  }

  field(row: ContractField | undefined, code: string, severity: Severity, message: string): void {
    this.#add(this.#files.contractFile, row?.line, code, severity, message);
  }

  table(row: ContractTable | undefined, code: string, severity: Severity, message: string): void {
    this.#add(this.#files.tablesFile, row?.line, code, severity, message);
  }

  #add(file: string, line: number | undefined, code: string, severity: Severity, message: string): void {
    this.problems.push({ code, severity, message, place: line === undefined ? { file } : { file, line } });
  }
}
