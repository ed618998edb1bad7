import * as vscode from 'vscode';
import { crosswalkName } from '../core/crosswalk/crosswalkName.ts';
import { LINE_COLUMNS } from '../core/crosswalk/crosswalkShapes.ts';
import type { ScannedRecord } from '../core/csv/csvScan.ts';
import { ARTEFACTS } from '../core/project/layout.ts';
import type { EvidenceSubject } from '../core/review/evidencePlaces.ts';
import { counted } from '../core/shared/counted.ts';
import { cellRange, recordAt } from './contract/contractRows.ts';
import type { CoreClient } from './coreClient.ts';
import type { Projects } from './projects.ts';
import { openAt, openQuality } from './views/tree.ts';

const NOT_APPROVED = new Set(['contract-changed-since-approval', 'contract-approved-without-review']);
const NOT_APPROVED_LINES = new Set(['crosswalk-changed-since-approval', 'crosswalk-approved-without-review']);
const OPEN_CODES = new Set(['contract-unresolved', 'contract-unresolved-mandatory']);

/** Quick fixes: map to a candidate, rule a field out with a reason, add the codes that a crosswalk does not know. */
export class QuickFixes implements vscode.CodeActionProvider {
  static readonly selector: vscode.DocumentSelector = [{ scheme: 'file', pattern: '**/*.{csv,json}' }];
  readonly #projects: Projects;
  readonly #core: CoreClient;

  constructor(projects: Projects, core: CoreClient) {
    this.#projects = projects;
    this.#core = core;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const owner = this.#projects.of(document.uri);
    if (owner === null) return [];
    const actions: vscode.CodeAction[] = [];
    for (const diagnostic of context.diagnostics) {
      const code = typeof diagnostic.code === 'object' ? String(diagnostic.code.value) : '';
      if (owner.path === ARTEFACTS.contract && OPEN_CODES.has(code))
        actions.push(...(await this.#mapRow(owner.root, document, diagnostic)));
      if (owner.path === ARTEFACTS.contract && NOT_APPROVED.has(code))
        actions.push(...backToDraft(document, diagnostic));
      if (NOT_APPROVED_LINES.has(code)) actions.push(lineBackToDraft(document, diagnostic));
      if (code === 'crosswalk-gap') actions.push(openCrosswalk(owner.root, owner.path, diagnostic));
      if (code === 'crosswalk-gap')
        actions.push(...(await this.#addCodes(owner.root, owner.path, document, diagnostic)));
      if (owner.path === ARTEFACTS.contract && code === 'contract-unknown-crosswalk')
        actions.push(...(await this.#newCrosswalk(owner.root, document, diagnostic)));
      const subject = subjectOf(code, owner.path, document, diagnostic);
      if (subject !== null) actions.push(...(await this.#evidence(owner.root, subject, diagnostic)));
      if (subject !== null && 'table' in subject) actions.push(exploreRejects(subject, diagnostic));
    }
    return actions;
  }

  async #mapRow(
    root: string,
    document: vscode.TextDocument,
    diagnostic: vscode.Diagnostic,
  ): Promise<vscode.CodeAction[]> {
    const row = readRow(document, diagnostic.range.start.line);
    if (row === null) return [];
    const candidates = await this.#core.ask({
      kind: 'candidates',
      project: root,
      table: row.cells['target_table'] ?? '',
      field: row.cells['target_field'] ?? '',
    });
    const actions = candidates.map((candidate, index) => {
      const from = `${candidate.sourceTable}.${candidate.sourceField}`;
      const action = new vscode.CodeAction(
        `Map to ${from} (${Math.round(candidate.score * 100)} %)`,
        vscode.CodeActionKind.QuickFix,
      );
      action.diagnostics = [diagnostic];
      action.isPreferred = index === 0;
      const lookup = candidate.proposedClass === 'lookup' && (row.cells['crosswalk'] ?? '') !== '';
      action.edit = editOf(document, row, {
        mapping_class: lookup ? 'lookup' : 'direct',
        source_table: candidate.sourceTable,
        source_field: candidate.sourceField,
        status: 'DRAFT',
      });
      return action;
    });
    const out = new vscode.CodeAction('Mark out of scope…', vscode.CodeActionKind.QuickFix);
    out.diagnostics = [diagnostic];
    out.command = {
      command: 'pasMigration.markOutOfScope',
      title: 'Mark out of scope',
      arguments: [document.uri, row.line],
    };
    return [...actions, out];
  }

  /** A crosswalk that the contract names and nobody wrote yet, with the codes the source data hold. */
  async #newCrosswalk(
    root: string,
    document: vscode.TextDocument,
    diagnostic: vscode.Diagnostic,
  ): Promise<vscode.CodeAction[]> {
    const row = readRow(document, diagnostic.range.start.line);
    const name = row?.cells['crosswalk'] ?? '';
    if (row === null || !/^[\w-]+$/.test(name)) return [];
    const table = row.cells['source_table'] ?? '';
    const codes = await this.#core.ask({
      kind: 'sourceCodes',
      project: root,
      table,
      field: row.cells['source_field'] ?? '',
    });
    const action = new vscode.CodeAction(
      codes.length === 0
        ? `Create crosswalk ${name}, empty`
        : `Create crosswalk ${name} with ${codes.length} source code${codes.length === 1 ? '' : 's'} as DRAFT lines`,
      vscode.CodeActionKind.QuickFix,
    );
    action.diagnostics = [diagnostic];
    const lines = codes.map((code) => LINE_COLUMNS.map((column) => cellFor(column, code, null)).join(','));
    const uri = vscode.Uri.joinPath(vscode.Uri.file(root), ...ARTEFACTS.crosswalks.split('/'), `${name}.csv`);
    // Written at once, not as an edit: the check looks at the folder, and an edit that makes files saves all others.
    action.command = {
      command: 'pasMigration.createCrosswalk',
      title: 'Create crosswalk',
      arguments: [uri, `${[LINE_COLUMNS.join(','), ...lines].join('\n')}\n`],
    };
    return [action];
  }

  /** Opens what a problem was judged on. */
  async #evidence(root: string, subject: EvidenceSubject, diagnostic: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
    const places = await this.#core.ask({ kind: 'evidence', project: root, subject });
    return places.map(({ file, line }) => {
      const title = `Open ${'gate' in subject ? 'evidence' : 'the first reject'}: ${file}${line > 1 ? `, line ${line}` : ''}`;
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = [diagnostic];
      action.command = openAt(root, file, line);
      return action;
    });
  }

  async #addCodes(
    root: string,
    path: string,
    document: vscode.TextDocument,
    diagnostic: vscode.Diagnostic,
  ): Promise<vscode.CodeAction[]> {
    const crosswalk = path.replace(/^.*\//, '').replace(/\.csv$/, '');
    const codes = await this.#core.ask({ kind: 'unknownCodes', project: root, crosswalk });
    if (codes.length === 0) return [];
    const action = new vscode.CodeAction(
      `Add ${codes.length} unknown code${codes.length === 1 ? '' : 's'} as DRAFT lines`,
      vscode.CodeActionKind.QuickFix,
    );
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    const header = document
      .lineAt(0)
      .text.split(',')
      .map((name) => name.trim());
    const lines = codes.map(({ code, rows }) => header.map((name) => cellFor(name, code, rows)).join(','));
    const last = document.lineAt(document.lineCount - 1);
    const lead = last.text === '' ? '' : '\n';
    action.edit = new vscode.WorkspaceEdit();
    action.edit.insert(document.uri, last.range.end, `${lead}${lines.join('\n')}\n`);
    return [action];
  }
}

/** All rejects of a contract row, where they can be grouped and decided about. */
function exploreRejects(
  subject: { readonly table: string; readonly field: string },
  diagnostic: vscode.Diagnostic,
): vscode.CodeAction {
  const action = new vscode.CodeAction('Show these rejects in the Issue Explorer', vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = openQuality({ origin: 'reject', ...subject });
  return action;
}

/** A row whose approval was of another mapping goes back to where a review begins. */
function backToDraft(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const row = readRow(document, diagnostic.range.start.line);
  if (row === null) return [];
  const action = new vscode.CodeAction('Set to DRAFT for a new review', vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = editOf(document, row, { status: 'DRAFT' });
  return [action];
}

/** The problem stands at the status cell of its line. */
function lineBackToDraft(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction('Set to DRAFT for a new review', vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, diagnostic.range, 'DRAFT');
  return action;
}

/** What the evidence of a problem is about; null for problems that have none. */
function subjectOf(
  code: string,
  path: string,
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
): EvidenceSubject | null {
  if (code === 'crosswalk-gap') return { crosswalk: path.replace(/^.*\//, '').replace(/\.csv$/, '') };
  if (code === 'gate-not-passed') {
    const gate = /^Gate (\S+) of /.exec(diagnostic.message)?.[1];
    return gate === undefined ? null : { gate };
  }
  if (code !== 'contract-rejects') return null;
  const cells = readRow(document, diagnostic.range.start.line)?.cells ?? {};
  const table = cells['target_table'] ?? '';
  return table === '' ? null : { table, field: cells['target_field'] ?? '' };
}

/** A code that waits for its meaning: DRAFT lines are not in force, so nothing is translated by them yet. */
function cellFor(column: string, code: string, rejects: number | null): string {
  if (column === 'source_code') return quoted(code);
  if (column === 'description' && rejects !== null) return quoted(`${counted(rejects, 'reject')} in the last run`);
  return column === 'status' ? 'DRAFT' : '';
}

/** The grid, in which each code is mapped beside its rows. */
function openCrosswalk(root: string, path: string, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction('Map the codes in the crosswalk grid', vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = {
    command: 'pasMigration.openCrosswalk',
    title: 'Open Crosswalk',
    arguments: [crosswalkName(path) ?? '', root],
  };
  return action;
}

/** Writes a new crosswalk and opens it; one that is there stays as it is. */
export async function createCrosswalk(uri: vscode.Uri, text: string): Promise<void> {
  const there = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (!there) await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  await vscode.window.showTextDocument(uri, { preview: false, viewColumn: vscode.ViewColumn.Beside });
}

/** Asks why a field is not migrated and writes it into its contract row. */
export async function markOutOfScope(uri: vscode.Uri, line: number, given?: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const row = readRow(document, line);
  if (row === null) return;
  const name = `${row.cells['target_table']}.${row.cells['target_field']}`;
  const reason =
    given ??
    (await vscode.window.showInputBox({
      title: `Why is ${name} not migrated?`,
      prompt: 'The reason goes into the notes of the contract row.',
      validateInput: (text) => (text.trim() === '' ? 'Say why.' : null),
    }));
  if (reason === undefined || reason.trim() === '') return;
  const edit = editOf(document, row, { mapping_class: 'out_of_scope', notes: reason.trim(), status: 'DRAFT' });
  await vscode.workspace.applyEdit(edit);
}

interface Row {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly record: ScannedRecord;
  readonly text: string;
}

/** The row that a line belongs to, also one of several lines; null where the text has no whole row. */
function readRow(document: vscode.TextDocument, line: number): Row | null {
  const text = document.getText();
  const found = recordAt(text, document.offsetAt(new vscode.Position(line, 0)));
  if (found === null || found.record.cells.length !== found.columns.length) return null;
  return { line, text, cells: found.row, columns: found.columns, record: found.record };
}

/** Replaces only the cells that change; what people wrote around them keeps its bytes. */
function editOf(
  document: vscode.TextDocument,
  row: Row,
  changes: Readonly<Record<string, string>>,
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const [index, name] of row.columns.entries()) {
    const value = changes[name];
    if (value === undefined || value === row.cells[name]) continue;
    edit.replace(document.uri, cellRange(document, row.text, row.record, index), quoted(value));
  }
  return edit;
}

function quoted(value: string): string {
  return /[",\r\n]|^\s|\s$/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
