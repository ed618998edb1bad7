import * as vscode from 'vscode';
import type { FoundRow } from '../../core/review/issues/issuePlaces.ts';

const SCHEME = 'pas-migration';
/** Texts that were opened lately; older ones are made again by asking again. */
const MOST_KEPT = 30;

/** Read-only texts beside the project's files: a row of a file too large for the editor, what a rule means. */
export class EvidenceTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.path) ?? 'This text is not kept. Open it again from the Quality panel.\n';
  }

  /** Shows a row, one field a line. Its values stay in memory and are written nowhere. */
  async showRow(row: FoundRow): Promise<void> {
    const widest = Math.max(0, ...row.cells.map(([name]) => name.length));
    const lines = row.cells.map(([name, value]) => `${name.padEnd(widest)}  ${value.replaceAll(/\r?\n/g, ' ⏎ ')}`);
    const size = `${Math.round(row.bytes / 1e6).toLocaleString('en-GB')} MB`;
    const head = `Row ${row.record.toLocaleString('en-GB')} of ${row.file} (${size}: too large to open as text)`;
    await this.#show(`${row.file.replaceAll(/[\\/]/g, ' ')} row ${row.record}.txt`, `${head}\n\n${lines.join('\n')}\n`);
  }

  /** Shows what a rule means. */
  async showRule(rule: string, text: string): Promise<void> {
    const uri = this.#keep(`${rule.replaceAll(/[^\w-]/g, '_')}.md`, text);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #show(name: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.#keep(name, text));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  #keep(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.#texts.delete(uri.path);
    this.#texts.set(uri.path, text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST_KEPT && oldest !== undefined) this.#texts.delete(oldest);
    return uri;
  }
}
