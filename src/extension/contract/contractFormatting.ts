import * as vscode from 'vscode';
import { formatContract } from '../../core/review/formatContract.ts';

/** Formats the contract's text, whole or in part, with an edit for each cell that is written otherwise and no other. */
export class ContractFormatting
  implements vscode.DocumentFormattingEditProvider, vscode.DocumentRangeFormattingEditProvider
{
  static register(selector: vscode.DocumentSelector): vscode.Disposable {
    const formatting = new ContractFormatting();
    return vscode.Disposable.from(
      vscode.languages.registerDocumentFormattingEditProvider(selector, formatting),
      vscode.languages.registerDocumentRangeFormattingEditProvider(selector, formatting),
    );
  }

  provideDocumentFormattingEdits(document: vscode.TextDocument): vscode.TextEdit[] {
    return edits(document, null);
  }

  provideDocumentRangeFormattingEdits(document: vscode.TextDocument, range: vscode.Range): vscode.TextEdit[] {
    return edits(document, { first: range.start.line + 1, last: range.end.line + 1 });
  }
}

function edits(document: vscode.TextDocument, range: Parameters<typeof formatContract>[1]): vscode.TextEdit[] {
  return formatContract(document.getText(), range).map(({ start, end, text }) =>
    vscode.TextEdit.replace(new vscode.Range(document.positionAt(start), document.positionAt(end)), text),
  );
}
