import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { CatalogSide } from '../../core/catalog/catalog.ts';
import { csvCell } from '../../core/csv/csvText.ts';
import { ARTEFACTS } from '../../core/project/layout.ts';
import { chooseProject } from '../commands.ts';
import { ERD, type ExportFormat, SavedView } from './erdProtocol.ts';
import { PanelHost } from './panelHost.ts';
import { type ProjectPanelParts, shownRoot } from './panelParts.ts';

const CATALOGS = { source: ARTEFACTS.sourceCatalog, target: ARTEFACTS.targetCatalog } as const;
const FILES: Readonly<Record<ExportFormat, { readonly ending: string; readonly label: string }>> = {
  svg: { ending: 'svg', label: 'SVG' },
  png: { ending: 'png', label: 'PNG' },
  mermaid: { ending: 'mmd', label: 'Mermaid' },
};

/** Registers the panel with the entity relationship diagram and its command. */
export function registerErd(
  parts: Pick<ProjectPanelParts, 'context' | 'projects' | 'core' | 'log'>,
): vscode.Disposable {
  const { context, projects, core } = parts;
  const host = new PanelHost({
    panel: ERD,
    title: 'ERD',
    extension: context.extensionUri,
    projects,
    log: parts.log,
    core,
    draws: true,
    watched: `{${CATALOGS.source},${CATALOGS.target},${ARTEFACTS.relationships}}`,
    answers: {
      content: async (_, panel) => {
        const root = shownRoot(panel);
        const erd = await core.ask({ kind: 'erd', project: root });
        return { ...erd, problems: [...erd.problems], views: readViews(context.workspaceState.get(viewsKey(root))) };
      },
      saveViews: async ({ views }, panel) => {
        await context.workspaceState.update(viewsKey(shownRoot(panel)), views);
        return {};
      },
      export: async ({ format, side, data }, panel) => {
        const root = shownRoot(panel);
        const { ending, label } = FILES[format];
        const uri = await vscode.window.showSaveDialog({
          title: `Export the diagram as ${label}`,
          filters: { [label]: [ending] },
          defaultUri: vscode.Uri.file(join(root, `${basename(root)}-${side}-erd.${ending}`)),
        });
        if (uri === undefined) return { file: null };
        await vscode.workspace.fs.writeFile(uri, Buffer.from(data, format === 'png' ? 'base64' : 'utf8'));
        return { file: basename(uri.fsPath) };
      },
      reveal: async ({ side, table }, panel) => {
        await reveal(shownRoot(panel), side, table);
        return {};
      },
      extractSpecs: async (_, panel) => {
        await vscode.commands.executeCommand('pasMigration.extractSpecs', null, shownRoot(panel));
        return {};
      },
    },
    changed: (panel) => panel.notify('changed', {}),
  });
  /** Shows a table and its neighbours when one is given; the Design view gives those of the current project. */
  const open = async (given: unknown): Promise<number | null> => {
    const focus = tableOf(given);
    const root = focus === null ? await chooseProject(projects) : projects.current;
    if (root === null) return null;
    const panel = await host.show(root);
    if (focus !== null) panel.notify('focus', focus);
    return panel.ready();
  };
  return vscode.Disposable.from(host, vscode.commands.registerCommand('pasMigration.openErd', open));
}

function viewsKey(root: string): string {
  return `erdViews:${root}`;
}

/** Saved views as they were kept, perhaps by an older version; what is no view any more is left out. */
function readViews(kept: unknown): SavedView[] {
  return (Array.isArray(kept) ? kept : []).flatMap((view: unknown) => SavedView.safeParse(view).data ?? []);
}

/** Opens the catalog, at the table's first line when one is given. */
async function reveal(root: string, side: CatalogSide, table: string | null): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(join(root, CATALOGS[side]));
    const begin = table === null ? null : `${csvCell(table)},`.split('\n')[0];
    let line = 0;
    for (let at = 1; at < document.lineCount && line === 0 && begin !== null && begin !== undefined; at += 1)
      if (document.lineAt(at).text.startsWith(begin)) line = at;
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, 0, line, 0) });
  } catch {
    throw new Error(`${CATALOGS[side]} cannot be opened. Run Extract Specs.`);
  }
}

/** The table a command was given: by side and name, or as an item of the Design view. */
function tableOf(given: unknown): { side: CatalogSide; table: string } | null {
  if (typeof given !== 'object' || given === null) return null;
  const { side, table, id } = given as Readonly<Record<string, unknown>>;
  if ((side === 'source' || side === 'target') && typeof table === 'string') return { side, table };
  const [, schema, name] = /^(Source|Target) schema\/(.+)$/s.exec(String(id)) ?? [];
  return schema === undefined || name === undefined
    ? null
    : { side: schema === 'Source' ? 'source' : 'target', table: name };
}
