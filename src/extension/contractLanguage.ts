import * as vscode from 'vscode';
import { csvCell } from '../core/csv/csvCell.ts';
import { CsvScanner, cellPlace } from '../core/csv/csvScan.ts';
import { ARTEFACTS } from '../core/project/layout.ts';
import type { Offers } from '../core/review/rowFacts.ts';
import type { CoreClient } from './coreClient.ts';
import type { Projects } from './projects.ts';

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
 * The contract as text: completion, hover, definition, rename of a source column, code lenses by table and folding. A row
 * whose cell runs over several lines is looked at on its first line only.
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
      vscode.languages.registerCompletionItemProvider(selector, this, ',', '('),
      vscode.languages.registerHoverProvider(selector, this),
      vscode.languages.registerDefinitionProvider(selector, this),
      vscode.languages.registerRenameProvider(selector, this),
      vscode.languages.registerCodeLensProvider(selector, this),
      vscode.languages.registerFoldingRangeProvider(selector, this),
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
          item(name, Kind.Class, `${fields.length} columns`),
        );
      case 'source_field':
        return columns.map(({ name, type, description }) => item(name, Kind.Field, type, description));
      case 'crosswalk':
        return offers.crosswalks.map(({ name, codes, safetyCritical }) =>
          item(name, Kind.Reference, `${codes} codes${safetyCritical ? ', safety-critical' : ''}`),
        );
      case 'rule':
        return [
          ...offers.functions.map(({ name, help }) => item(name, Kind.Function, help)),
          ...columns.map(({ name, type, description }) => item(name, Kind.Field, type, description)),
        ];
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
      text.appendText(`${found.name}: ${found.codes} codes${found.safetyCritical ? ', safety-critical' : ''}`);
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

  /** Every row that takes this column of this source table; rules are left alone and told by the Problems panel. */
  provideRenameEdits(document: vscode.TextDocument, position: vscode.Position, name: string): vscode.WorkspaceEdit {
    const cell = this.#cellAt(document, position);
    const edit = new vscode.WorkspaceEdit();
    if (cell === null) return edit;
    for (const { record, row, columns } of rowsOf(document)) {
      if (row['source_table'] !== cell.row['source_table'] || row['source_field'] !== cell.value) continue;
      edit.replace(document.uri, rangeOf(document, record, columns.indexOf('source_field')), csvCell(name));
    }
    return edit;
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const problems = vscode.languages.getDiagnostics(document.uri);
    return tablesOf(document).map(({ table, first, last, rows }) => {
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

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    return tablesOf(document).map(({ first, last }) => new vscode.FoldingRange(first, last));
  }

  #cellAt(document: vscode.TextDocument, position: vscode.Position): Cell | null {
    const owner = this.#projects.of(document.uri);
    if (owner?.path !== ARTEFACTS.contract || position.line === 0) return null;
    const columns = new CsvScanner(document.lineAt(0).text).next()?.cells ?? [];
    const text = document.lineAt(position.line).text;
    const record = new CsvScanner(text).next();
    if (record === null) return null;
    for (const [index, column] of columns.entries()) {
      if (index >= record.cells.length) break;
      const place = cellPlace(text, record, index);
      const empty = record.cells[index] === '' ? 1 : 0;
      const range = new vscode.Range(position.line, place.column - 1, position.line, place.endColumn - 1 - empty);
      if (!range.contains(position)) continue;
      const row = Object.fromEntries(columns.map((name, at) => [name.trim(), record.cells[at] ?? '']));
      return { root: owner.root, column: column.trim(), range, value: record.cells[index] ?? '', row };
    }
    return null;
  }

  #offersFor(root: string): Promise<Offers> {
    const kept = this.#offers;
    if (kept?.root === root && Date.now() - kept.at < KEPT_MS) return kept.value;
    const value = this.#core.ask({ kind: 'offers', project: root });
    this.#offers = { root, at: Date.now(), value };
    return value;
  }
}

type ScannedRow = {
  readonly record: { readonly line: number; readonly start: number; readonly end: number };
  readonly row: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
};

function* rowsOf(document: vscode.TextDocument): Generator<ScannedRow> {
  const scanner = new CsvScanner(document.getText());
  const columns = scanner.next()?.cells.map((name) => name.trim()) ?? [];
  for (let record = scanner.next(); record !== null; record = scanner.next()) {
    const { cells } = record;
    yield { record, columns, row: Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])) };
  }
}

/** Runs of rows of one target table. Lines count from 0. */
function tablesOf(document: vscode.TextDocument) {
  const tables: { table: string; first: number; last: number; rows: Readonly<Record<string, string>>[] }[] = [];
  for (const { record, row } of rowsOf(document)) {
    const table = row['target_table'] ?? '';
    const open = tables.at(-1);
    if (open?.table === table) {
      open.last = record.line - 1;
      open.rows.push(row);
    } else tables.push({ table, first: record.line - 1, last: record.line - 1, rows: [row] });
  }
  return tables;
}

function rangeOf(
  document: vscode.TextDocument,
  record: { readonly line: number; readonly start: number; readonly end: number },
  column: number,
): vscode.Range {
  const { line, column: start, endColumn } = cellPlace(document.getText(), record, column);
  return new vscode.Range(line - 1, start - 1, line - 1, endColumn - 1);
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
