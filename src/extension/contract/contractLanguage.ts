import * as vscode from 'vscode';
import { scopesOf } from '../../core/contract/ruleScopes.ts';
import { csvCell } from '../../core/csv/csvCell.ts';
import { cellSpans } from '../../core/csv/csvSheet.ts';
import type { CsvRecord } from '../../core/csv/csvText.ts';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { Offers } from '../../core/review/rowFacts.ts';
import { counted } from '../../core/shared/counted.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Projects } from '../projects.ts';
import { ContractColours } from './contractColours.ts';
import { ContractFormatting } from './contractFormatting.ts';
import { recordAt, rowsOf } from './contractRows.ts';

/** What is offered changes with the catalogs and crosswalks, seldom while a person types. */
const KEPT_MS = 5000;

/** A cell of a contract line under the cursor, with its row. */
interface Cell {
  readonly root: string;
  readonly column: string;
  readonly range: vscode.Range;
  readonly value: string;
  readonly row: Readonly<Record<string, string>>;
}

/**
 * The contract as text: completion, hover, definition, rename of a source column, code lenses by table, folding, colours
 * and formatting. A cell may run over several lines.
 */
export class ContractLanguage
  implements
    vscode.CompletionItemProvider,
    vscode.HoverProvider,
    vscode.DefinitionProvider,
    vscode.RenameProvider,
    vscode.CodeLensProvider,
    vscode.FoldingRangeProvider
{
  static readonly selector: vscode.DocumentSelector = [{ scheme: 'file', pattern: `**/${ARTEFACTS.contract}` }];
  readonly #projects: Projects;
  readonly #core: CoreClient;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  #offers: { readonly root: string; readonly at: number; readonly value: Promise<Offers> } | null = null;

  constructor(projects: Projects, core: CoreClient) {
    this.#projects = projects;
    this.#core = core;
  }

  /** Registers everything; `checked` fires when the problems that code lenses count were looked at again. */
  register(checked: vscode.Event<void>): vscode.Disposable {
    const { selector } = ContractLanguage;
    return vscode.Disposable.from(
      this.#changed,
      checked(() => this.#changed.fire()),
      vscode.languages.registerCompletionItemProvider(selector, this, ',', '(', '.'),
      vscode.languages.registerHoverProvider(selector, this),
      vscode.languages.registerDefinitionProvider(selector, this),
      vscode.languages.registerRenameProvider(selector, this),
      vscode.languages.registerCodeLensProvider(selector, this),
      vscode.languages.registerFoldingRangeProvider(selector, this),
      ContractColours.register(selector),
      ContractFormatting.register(selector),
    );
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const cell = this.#cellAt(document, position);
    if (cell === null) return [];
    const offers = await this.#offersFor(cell.root);
    const item = (
      label: string,
      kind: vscode.CompletionItemKind,
      detail = '',
      documentation = '',
    ): vscode.CompletionItem => {
      const made = new vscode.CompletionItem(label, kind);
      made.detail = detail;
      made.documentation = documentation;
      // The whole cell is replaced, except in a rule, where a word is.
      if (cell.column !== 'rule') {
        made.range = cell.range;
        made.insertText = csvCell(label);
        made.filterText = cell.value === '' ? label : `${label} ${cell.value}`;
      }
      return made;
    };
    const { CompletionItemKind: Kind } = vscode;
    const columns = offers.sources[cell.row['source_table'] ?? ''] ?? [];
    switch (cell.column) {
      case 'mapping_class':
        return offers.classes.map((name) => item(name, Kind.EnumMember));
      case 'status':
        return offers.statuses.map((name) => item(name, Kind.EnumMember));
      case 'source_table':
        return Object.entries(offers.sources).map(([name, fields]) =>
          item(name, Kind.Class, counted(fields.length, 'column')),
        );
      case 'source_field':
        return columns.map(({ name, type, description }) => item(name, Kind.Field, type, description));
      case 'crosswalk':
        return offers.crosswalks.map(({ name, codes, safetyCritical }) =>
          item(name, Kind.Reference, `${counted(codes, 'code')}${safetyCritical ? ', safety-critical' : ''}`),
        );
      case 'rule': {
        const scopes = scopesOf(
          new Map(Object.entries(offers.scopes)),
          cell.row['target_table'] ?? '',
          cell.row['row_set'] ?? '',
        );
        const before = document.getText(new vscode.Range(cell.range.start, position));
        const alias = /([\p{L}_$][\p{L}\p{N}_$]*)\.[\p{L}\p{N}_$]*$/u.exec(before)?.[1];
        const known = Object.assign({}, ...scopes.map(({ tables }) => tables)) as Record<string, string>;
        const fieldsOf = (table: string): vscode.CompletionItem[] =>
          (offers.sources[table] ?? []).map(({ name, type, description }) => item(name, Kind.Field, type, description));
        if (alias !== undefined) return fieldsOf(known[alias] ?? alias);
        const driving = [...new Set(scopes.map((scope) => scope.driving))];
        return [
          ...offers.functions.map(({ name, help }) => item(name, Kind.Function, help)),
          ...(driving.length === 0 ? [cell.row['source_table'] ?? ''] : driving).flatMap(fieldsOf),
          ...Object.entries(known).map(([name, table]) => item(name, Kind.Class, `table ${table}`)),
        ];
      }
      default:
        return [];
    }
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | null> {
    const cell = this.#cellAt(document, position);
    if (cell === null) return null;
    const offers = await this.#offersFor(cell.root);
    const { row } = cell;
    const text = new vscode.MarkdownString();
    if (cell.column === 'source_field' || cell.column === 'source_table') {
      const found = offers.sources[row['source_table'] ?? '']?.find(({ name }) => name === row['source_field']);
      if (found === undefined) return null;
      text.appendText(`${row['source_table']}.${found.name} ${found.type}\n${found.description}`);
    } else if (cell.column === 'crosswalk') {
      const found = offers.crosswalks.find(({ name }) => name === cell.value);
      if (found === undefined) return null;
      text.appendText(
        `${found.name}: ${counted(found.codes, 'code')}${found.safetyCritical ? ', safety-critical' : ''}`,
      );
    } else if (cell.column === 'rule') {
      const word = document.getText(document.getWordRangeAtPosition(position, /\w+/)).toLowerCase();
      const found = offers.functions.find(({ name }) => name === word);
      if (found === undefined) return null;
      text.appendText(`${found.name}: ${found.help}`);
    } else if (cell.column === 'target_field' || cell.column === 'target_table') {
      text.appendText(
        `${row['target_table']}.${row['target_field']} ${row['data_type']}${row['mandatory'] === 'Y' ? ', mandatory' : ''}\n${row['mapping_class']} from ${row['source_table']}.${row['source_field']}, ${row['status']}`,
      );
    } else return null;
    return new vscode.Hover(text, cell.range);
  }

  async provideDefinition(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Location | null> {
    const cell = this.#cellAt(document, position);
    if (cell === null) return null;
    const { row, column, root } = cell;
    if (column === 'crosswalk' && /^[\w-]+$/.test(cell.value))
      return lineOf(root, `${ARTEFACTS.crosswalks}/${cell.value}.csv`, '');
    if (column.startsWith('source_'))
      return lineOf(
        root,
        ARTEFACTS.sourceCatalog,
        `${csvCell(row['source_table'] ?? '')},${csvCell(row['source_field'] ?? '')},`,
      );
    if (column.startsWith('target_'))
      return lineOf(
        root,
        ARTEFACTS.targetCatalog,
        `${csvCell(row['target_table'] ?? '')},${csvCell(row['target_field'] ?? '')},`,
      );
    return null;
  }

  prepareRename(document: vscode.TextDocument, position: vscode.Position): vscode.Range {
    const cell = this.#cellAt(document, position);
    if (cell?.column === 'source_field' && cell.value !== '') return cell.range;
    throw new Error('Only a source column can be renamed: put the cursor on a filled source_field cell.');
  }

  /** Every row that takes this column, and every rule in which it can only be this one; the others are told. */
  async provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    name: string,
  ): Promise<vscode.WorkspaceEdit> {
    const cell = this.#cellAt(document, position);
    const edit = new vscode.WorkspaceEdit();
    if (cell === null) return edit;
    const text = document.getText();
    const table = cell.row['source_table'] ?? '';
    const { edits, left } = await this.#core.ask({
      kind: 'renameColumn',
      project: cell.root,
      text,
      table,
      from: cell.value,
      to: name,
    });
    const place = (offset: number): vscode.Position => document.positionAt(offset);
    edit.set(
      document.uri,
      edits.map(({ start, end, text: put }) =>
        vscode.TextEdit.replace(new vscode.Range(place(start), place(end)), put),
      ),
    );
    const [first] = left;
    if (first !== undefined)
      void vscode.window.showWarningMessage(
        `${left.length} rule${left.length === 1 ? '' : 's'} may mean ${table}.${cell.value} and ${left.length === 1 ? 'was' : 'were'} not changed: ${first.row} in line ${first.line} first (${first.why}). Look at joins and filters in ${ARTEFACTS.contractTables} too.`,
      );
    return edit;
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const problems = vscode.languages.getDiagnostics(document.uri);
    return (await tablesOf(document)).map(({ table, first, last, rows }) => {
      const approved = rows.filter((row) => row['status'] === 'APPROVED').length;
      const unresolved = rows.filter((row) => row['mapping_class'] === 'unresolved').length;
      const own = problems.filter(({ range }) => range.start.line >= first && range.start.line <= last).length;
      const title = [
        `${table}: ${approved}/${rows.length} approved`,
        ...(unresolved === 0 ? [] : [`${unresolved} unresolved`]),
        ...(own === 0 ? [] : [`${own} problem${own === 1 ? '' : 's'}`]),
      ].join(', ');
      const [row] = rows;
      const named = { table, field: row?.['target_field'] ?? '', rowSet: row?.['row_set'] ?? '' };
      return new vscode.CodeLens(new vscode.Range(first, 0, first, 0), {
        title,
        tooltip: 'Open in the grid',
        command: 'pasMigration.openContract',
        arguments: [{ contractRow: named }],
      });
    });
  }

  async provideFoldingRanges(document: vscode.TextDocument): Promise<vscode.FoldingRange[]> {
    return (await tablesOf(document)).map(({ first, last }) => new vscode.FoldingRange(first, last));
  }

  #cellAt(document: vscode.TextDocument, position: vscode.Position): Cell | null {
    const owner = this.#projects.of(document.uri);
    if (owner?.path !== ARTEFACTS.contract) return null;
    const text = document.getText();
    const offset = document.offsetAt(position);
    const found = recordAt(text, offset);
    if (found === null) return null;
    const { record, columns, row } = found;
    const index = cellSpans(text, record.start, record.end).findIndex(({ end }) => offset <= end);
    const span = cellSpans(text, record.start, record.end)[index];
    if (span === undefined || index >= columns.length) return null;
    const range = new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
    return { root: owner.root, column: columns[index] ?? '', range, value: record.cells[index] ?? '', row };
  }

  #offersFor(root: string): Promise<Offers> {
    const kept = this.#offers;
    if (kept?.root === root && Date.now() - kept.at < KEPT_MS) return kept.value;
    const value = this.#core.ask({ kind: 'offers', project: root });
    this.#offers = { root, at: Date.now(), value };
    return value;
  }
}

/** Runs of rows of one target table. Lines count from 0; a row of several lines belongs to its table with all of them. */
async function tablesOf(document: vscode.TextDocument) {
  const tables: { table: string; first: number; last: number; rows: CsvRecord['cells'][] }[] = [];
  const { records } = await rowsOf(document);
  for (const [at, { line, cells }] of records.entries()) {
    const table = cells['target_table'] ?? '';
    const last = (records[at + 1]?.line ?? document.lineCount) - 2;
    const open = tables.at(-1);
    if (open?.table === table) {
      open.last = Math.max(line - 1, last);
      open.rows.push(cells);
    } else tables.push({ table, first: line - 1, last: Math.max(line - 1, last), rows: [cells] });
  }
  return tables;
}

/** The first line of a file that begins with a text; its first line when none does; null when the file is not there. */
async function lineOf(root: string, path: string, begin: string): Promise<vscode.Location | null> {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(root), ...path.split('/'));
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const lines =
      begin === ''
        ? -1
        : document
            .getText()
            .split(/\r?\n/)
            .findIndex((line) => line.startsWith(begin));
    return new vscode.Location(uri, new vscode.Position(Math.max(0, lines), 0));
  } catch {
    return null;
  }
}
