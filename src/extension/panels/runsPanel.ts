import * as vscode from 'vscode';
import { PanelHost } from './panelHost.ts';
import { type OpenFromPanel, type ProjectPanelParts, shownRoot } from './panelParts.ts';
import { RUNS } from './runsProtocol.ts';

/** Files as a past run left them, read only. */
const SCHEME = 'pas-migration-run';

/** The runs panel: history, two runs compared, and the files as a run left them. */
export class RunsPanel implements vscode.Disposable {
  readonly #host: PanelHost<typeof RUNS>;
  readonly #contents: vscode.Disposable;

  constructor(parts: ProjectPanelParts, open: OpenFromPanel) {
    const { core } = parts;
    this.#contents = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => {
        const query = new URLSearchParams(uri.query);
        const [run, path] = [query.get('run') ?? '', query.get('path') ?? ''];
        return core.ask({ kind: 'keptText', project: query.get('root') ?? '', run, path });
      },
    });
    this.#host = new PanelHost({
      panel: RUNS,
      title: 'Runs',
      extension: parts.context.extensionUri,
      projects: parts.projects,
      log: parts.log,
      answers: {
        content: (_, panel) => core.ask({ kind: 'runs', project: shownRoot(panel) }),
        compare: ({ before, after }, panel) =>
          core.ask({ kind: 'compareRuns', project: shownRoot(panel), before, after }),
        openKept: async ({ run, path }, panel) => {
          const root = shownRoot(panel);
          // Asked here too: what cannot be read is told in the panel, not in an empty editor.
          await core.ask({ kind: 'keptText', project: root, run, path });
          const query = new URLSearchParams({ root, run, path }).toString();
          const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${run.slice(0, 8)}/${path}`, query });
          await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
          return {};
        },
        open,
      },
      changed: (panel) => panel.notify('changed', {}),
    });
  }

  /** Opens the panel; with ids it shows that run, or the comparison of two. */
  async open(root: string, given: unknown): Promise<number | null> {
    const panel = await this.#host.show(root);
    const { before, after } = idsOf(given);
    if (after !== null) panel.notify('show', { before, after });
    return panel.ready();
  }

  dispose(): void {
    this.#host.dispose();
    this.#contents.dispose();
  }
}

/** Ids of runs, or an item of the Execution view. */
function idsOf(given: unknown): { before: string | null; after: string | null } {
  if (typeof given !== 'object' || given === null) return { before: null, after: null };
  const { before, after, id } = given as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return { before: text(before), after: text(after) ?? /^run\/([\w-]+)$/.exec(String(id))?.[1] ?? null };
}
