import * as vscode from 'vscode';
import { contractTokens, headerTokens, TOKEN_KINDS } from '../../core/review/contractTokens.ts';
import { columnsOf, recordsIn } from './contractRows.ts';

/** Longer texts are coloured where they are seen, not as a whole. */
const WHOLE_LINES = 3000;

/** Semantic colours of the contract's text, by names that themes know: no colour of our own, so all of them are told apart. */
export class ContractColours
  implements vscode.DocumentSemanticTokensProvider, vscode.DocumentRangeSemanticTokensProvider
{
  static readonly legend = new vscode.SemanticTokensLegend([...TOKEN_KINDS]);

  static register(selector: vscode.DocumentSelector): vscode.Disposable {
    const colours = new ContractColours();
    return vscode.Disposable.from(
      vscode.languages.registerDocumentSemanticTokensProvider(selector, colours, ContractColours.legend),
      vscode.languages.registerDocumentRangeSemanticTokensProvider(selector, colours, ContractColours.legend),
    );
  }

  provideDocumentSemanticTokens(document: vscode.TextDocument): vscode.SemanticTokens | null {
    if (document.lineCount > WHOLE_LINES) return null;
    const end = document.lineAt(document.lineCount - 1).range.end;
    return this.provideDocumentRangeSemanticTokens(document, new vscode.Range(0, 0, end.line, end.character));
  }

  provideDocumentRangeSemanticTokens(document: vscode.TextDocument, range: vscode.Range): vscode.SemanticTokens {
    const text = document.getText();
    const builder = new vscode.SemanticTokensBuilder(ContractColours.legend);
    const columns = columnsOf(text);
    const lineStart = new vscode.Position(range.start.line, 0);
    for (const record of recordsIn(text, document.offsetAt(lineStart), document.offsetAt(range.end))) {
      const tokens = record.start === 0 ? headerTokens(text, record) : contractTokens(text, record, columns);
      for (const { start, end, kind } of tokens)
        pushLines(builder, document, document.positionAt(start), document.positionAt(end), kind);
    }
    return builder.build();
  }
}

/** A token stands on one line; a cell of several lines is several tokens. */
function pushLines(
  builder: vscode.SemanticTokensBuilder,
  document: vscode.TextDocument,
  start: vscode.Position,
  end: vscode.Position,
  kind: string,
): void {
  for (let line = start.line; line <= end.line; line += 1) {
    const from = line === start.line ? start.character : 0;
    const to = line === end.line ? end.character : document.lineAt(line).text.length;
    if (to > from) builder.push(new vscode.Range(line, from, line, to), kind);
  }
}
