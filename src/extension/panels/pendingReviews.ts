import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

interface Pending<Review> {
  readonly review: Review;
  /** Hashes of the text without and with the decision. */
  readonly before: string;
  readonly after: string;
  undone: boolean;
}

/**
 * Decisions since a contract or crosswalk was last saved, by its path: they outlive the grid, as the unsaved text does. One that was
 * undone is none, unless it was done again.
 */
export class PendingReviews<Review> {
  readonly #lists = new Map<string, Pending<Review>[]>();

  /** @param before the text, as `markOf` knows it, that the decision was made on; the document shows it already */
  add(document: vscode.TextDocument, before: string, review: Review): void {
    const path = document.uri.fsPath;
    const pending = { review, before, after: markOf(document), undone: false };
    this.#lists.set(path, [...(this.#lists.get(path) ?? []), pending]);
  }

  /** Follows undo and redo. */
  changed({ document, reason }: vscode.TextDocumentChangeEvent): void {
    const list = this.#lists.get(document.uri.fsPath);
    if (list === undefined || reason === undefined) return;
    const mark = markOf(document);
    if (reason === vscode.TextDocumentChangeReason.Undo) {
      const last = list.findLast((pending) => !pending.undone && pending.before === mark);
      if (last !== undefined) last.undone = true;
    } else {
      const first = list.find((pending) => pending.undone && pending.after === mark);
      if (first !== undefined) first.undone = false;
    }
  }

  /** Decisions that stand, oldest first; they are told once. */
  take(path: string): Review[] {
    const list = this.#lists.get(path) ?? [];
    this.#lists.delete(path);
    return list.filter(({ undone }) => !undone).map(({ review }) => review);
  }
}

/** What a text is known by, so that none is kept. */
export function markOf(document: vscode.TextDocument): string {
  return createHash('sha1').update(document.getText()).digest('base64');
}
