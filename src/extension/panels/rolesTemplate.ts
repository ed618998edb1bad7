import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ROLES } from '../../core/governance/roleNames.ts';
import { ARTEFACTS } from '../../core/project/layout.ts';
import { reviewer } from './contractEditor.ts';

/** Opens a roles file to fill in: nothing is written before the person saves it. One that is there is opened. */
export async function rolesTemplate(root: string): Promise<void> {
  const path = join(root, ARTEFACTS.roles);
  if (existsSync(path)) {
    await vscode.window.showTextDocument(vscode.Uri.file(path));
    return;
  }
  const [lead] = Object.keys(ROLES);
  const text = {
    schema_version: 1,
    people: [{ name: reviewer(), roles: [lead], identities: [] }],
    not_listed: [],
    stages: {},
    domains: {},
    actions: {},
  };
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path).with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), `${JSON.stringify(text, null, 2)}\n`));
}
