import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { EVERY_ISSUE, ISSUE_FILTERS, readIssueGrouping } from '../../core/review/issues/issueQuery.ts';
import { RuleChoice } from '../../core/review/qualityModel.ts';
import { chooseProject } from '../commands.ts';
import type { CoreClient } from '../coreClient.ts';
import type { QualityAnswers, QualityAsk } from '../issueRequests.ts';
import type { Log } from '../log.ts';
import type { Projects } from '../projects.ts';
import { editorName, type Runner } from '../runner.ts';
import type { ContractEditor } from './contractEditor.ts';
import { EvidenceTexts } from './evidenceTexts.ts';
import { type OpenPanel, PanelHost } from './panelHost.ts';
import { QUALITY, type Wanted } from './qualityProtocol.ts';

/** What the Quality panel needs of the extension. */
export interface QualityParts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  /** The thread that answers during checks and runs. */
  readonly core: CoreClient;
  readonly runner: Runner;
  readonly contract: ContractEditor;
  readonly log: Log;
}

type Panel = OpenPanel<typeof QUALITY>;

/** Registers the Quality panel and its command. */
export function registerQuality(parts: QualityParts): vscode.Disposable {
  const texts = new EvidenceTexts();
  const asking = new Asking(parts.core);
  const host: PanelHost<typeof QUALITY> = new PanelHost({
    panel: QUALITY,
    title: 'Quality',
    extension: parts.context.extensionUri,
    projects: parts.projects,
    log: parts.log,
    core: parts.core,
    answers: {
      overview: (_, panel) => asking.newest(panel, { about: 'overview' }),
      kpis: (_, panel) => asking.newest(panel, { about: 'kpis' }),
      setKpi: async (ask, panel) => {
        const answer = await parts.runner.run(rootOf(panel), 'kpi set', 'Set KPI', ask);
        if (answer.status !== 'passed') throw new Error(answer.error ?? 'The key figure was not changed.');
        return {};
      },
      files: (_, panel) => asking.newest(panel, { about: 'files' }),
      page: (ask, panel) => asking.newest(panel, { about: 'page', ...ask }),
      facets: (ask, panel) => asking.newest(panel, { about: 'facets', ...ask }),
      groups: (ask, panel) => asking.newest(panel, { about: 'groups', ...ask }),
      plan: (ask, panel) => asking.newest(panel, { about: 'plan', ...ask, editor: editorName() }),
      decide: async (ask, panel) => {
        if (!vscode.workspace.isTrusted) throw new Error('This folder is not trusted, so nothing is written in it.');
        return asking.ask(panel, { about: 'decide', ...ask, editor: editorName() });
      },
      undo: (_, panel) => asking.ask(panel, { about: 'undo', editor: editorName() }),
      export: (ask, panel) => exportList(asking, panel, ask),
      detail: (ask, panel) => asking.newest(panel, { about: 'detail', ...ask }),
      openRow: async (ask, panel) => {
        const row = await asking.newest(panel, { about: 'row', ...ask });
        if (row.line === null) await texts.showRow(row);
        else await openAtLine(rootOf(panel), row.file, row.line);
        return {};
      },
      openContractRow: async (row, panel) => {
        await parts.contract.open(rootOf(panel), row);
        return {};
      },
      openRule: async ({ rule }, panel) => {
        await texts.showRule(rule, await asking.newest(panel, { about: 'rule', rule }));
        return {};
      },
      run: async ({ command }, panel) => {
        const known = {
          'run-enterprise-pipeline': 'runEnterprisePipeline',
          'run-product-lifecycle': 'runAll',
        } as const;
        await vscode.commands.executeCommand(`pasMigration.${known[command]}`, null, rootOf(panel));
        return {};
      },
    },
    changed: (panel) => panel.notify('changed', {}),
    closed: (panel) => {
      if (panel.root !== null) void asking.release(panel.root);
    },
  });
  return vscode.Disposable.from(
    texts,
    host,
    vscode.commands.registerCommand('pasMigration.openQuality', async (given?: unknown, of?: unknown) => {
      const root = await chooseProject(parts.projects, of);
      if (root === null) return null;
      const panel = await host.show(root);
      const wanted = wantedOf(given);
      if (wanted !== null) panel.notify('wanted', wanted);
      return panel.ready();
    }),
  );
}

/** Asks the core; of the same kind of question only the newest is worth an answer. */
class Asking {
  readonly #core: CoreClient;
  readonly #running = new WeakMap<Panel, Map<string, AbortController>>();

  constructor(core: CoreClient) {
    this.#core = core;
  }

  /** Asks, and stops an older question of the same kind from the same panel. */
  async newest<A extends QualityAsk['about']>(
    panel: Panel,
    ask: Extract<QualityAsk, { about: A }>,
  ): Promise<QualityAnswers[A]> {
    const running = this.#running.get(panel) ?? new Map<string, AbortController>();
    this.#running.set(panel, running);
    running.get(ask.about)?.abort();
    const abort = new AbortController();
    running.set(ask.about, abort);
    try {
      return await this.ask(panel, ask, abort.signal);
    } finally {
      if (running.get(ask.about) === abort) running.delete(ask.about);
    }
  }

  async ask<A extends QualityAsk['about']>(
    panel: Panel,
    ask: Extract<QualityAsk, { about: A }>,
    signal?: AbortSignal,
  ): Promise<QualityAnswers[A]> {
    const request = { kind: 'quality', project: rootOf(panel), ask } as const;
    const answer = await this.#core.ask(request, signal === undefined ? {} : { signal });
    // The thread answers each question with what `QualityAnswers` says of it.
    return answer as QualityAnswers[A];
  }

  async release(root: string): Promise<void> {
    await this.#core.ask({ kind: 'quality', project: root, ask: { about: 'release' } }).catch(() => undefined);
  }
}

function rootOf(panel: Panel): string {
  if (panel.root === null) throw new Error('No migration project is open.');
  return panel.root;
}

async function exportList(
  asking: Asking,
  panel: Panel,
  ask: Pick<Extract<QualityAsk, { about: 'export' }>, 'filter' | 'sort'>,
): Promise<{ file: string; rows: number; guarded: number } | null> {
  const root = rootOf(panel);
  const uri = await vscode.window.showSaveDialog({
    title: 'Export the issues found',
    filters: { CSV: ['csv'] },
    defaultUri: vscode.Uri.file(join(root, `${basename(root)}-issues.csv`)),
  });
  if (uri === undefined) return null;
  const progress = { location: vscode.ProgressLocation.Notification, title: 'Exporting issues', cancellable: true };
  return vscode.window.withProgress(progress, async (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const done = await asking.ask(panel, { about: 'export', ...ask, path: uri.fsPath }, abort.signal);
    return { file: basename(uri.fsPath), ...done };
  });
}

async function openAtLine(root: string, file: string, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(root, ...file.split('/'))));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at), preview: true });
}

/**
 * What a view, a panel or a problem wants to see: `{domain, severity, rule, table, field, origin}`, each a text or nothing, with
 * the `grouping` of the issues; or `{rules}`, which of the rules.
 */
function wantedOf(given: unknown): Wanted | null {
  if (typeof given !== 'object' || given === null) return null;
  if ('rules' in given) {
    const rules = RuleChoice.safeParse(given.rules);
    return rules.success ? { tab: 'dashboard', filter: EVERY_ISSUE, rules: rules.data } : null;
  }
  const names: Readonly<Record<string, (typeof ISSUE_FILTERS)[number]>> = {
    rule: 'rule_id',
    table: 'table_name',
    field: 'field_name',
  };
  const only = Object.entries(given).flatMap(([name, value]) => {
    const facet = names[name] ?? ISSUE_FILTERS.find((known) => known === name);
    const values = (Array.isArray(value) ? value : value === '' ? [] : [value]).filter(
      (one) => typeof one === 'string',
    );
    return facet === undefined || values.length === 0 ? [] : [[facet, values] as const];
  });
  const grouping = 'grouping' in given ? readIssueGrouping(given.grouping) : null;
  return only.length === 0
    ? null
    : { tab: 'issues', filter: { ...EVERY_ISSUE, only: Object.fromEntries(only) }, grouping };
}
