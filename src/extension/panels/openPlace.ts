import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { Place } from '../../core/review/place.ts';
import type { CoreClient } from '../coreClient.ts';
import type { ContractEditor } from './contractEditor.ts';

export interface PlaceOpener {
  readonly contract: ContractEditor;
  readonly core: CoreClient;
}

/**
 * Opens what stands behind a number of a panel.
 *
 * @throws Error with a sentence when it is not there
 */
export async function openPlace(parts: PlaceOpener, root: string, place: Place): Promise<void> {
  switch (place.kind) {
    case 'file':
      return openFile(root, place.path, place.line);
    case 'contract':
      if (!existsSync(join(root, ARTEFACTS.contract))) return openFile(root, ARTEFACTS.contract);
      return parts.contract.open(root, { only: place.only });
    case 'gate': {
      const subject = { gate: place.id };
      const [at] = await parts.core.ask({ kind: 'evidence', project: root, subject });
      return openFile(root, at?.file ?? ARTEFACTS.gateReport, at?.line);
    }
    case 'issues': {
      const { domain, severity, rule } = place;
      return openQuality(root, { origin: 'quality', domain, severity, rule });
    }
    case 'explorer':
      return openQuality(root, { ...place.only, grouping: place.grouping ?? null });
    case 'rules':
      return void (await vscode.commands.executeCommand('pasMigration.openQuality', { rules: place }, root));
    case 'rejects':
      return openQuality(root, { origin: 'reject', table: place.table });
    case 'runs':
      return void (await vscode.commands.executeCommand('pasMigration.openRuns', place, root));
    case 'lifecycle':
      return void (await vscode.commands.executeCommand('pasMigration.openLifecycle', null, root));
    case 'users':
      return void (await vscode.commands.executeCommand('pasMigration.openUsers', null, root));
  }
}

/** The Issue Explorer with these filters; those that are null are left out. */
async function openQuality(root: string, given: Readonly<Record<string, string | null>>): Promise<void> {
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  await vscode.commands.executeCommand('pasMigration.openQuality', filter, root);
}

async function openFile(root: string, path: string, line = 1): Promise<void> {
  const inside = relative(root, join(root, path));
  // What a page sends is a name, and names lead nowhere but into the project.
  if (isAbsolute(path) || inside.startsWith('..')) throw new Error('That file is not in this project.');
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const uri = vscode.Uri.file(join(root, path));
  if (!existsSync(uri.fsPath)) throw new Error(`${path} is not there yet. Run the stage that writes it.`);
  // A file that is too large for the text editor opens all the same, as the editor's own command does it.
  await vscode.commands.executeCommand('vscode.open', uri, { selection: new vscode.Range(at, at), preview: true });
}
