import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../core/project/layout.ts';
import type { Side } from '../core/review/mergeContracts.ts';
import { makeApi, type PasMigrationApi } from './api.ts';
import { chooseProject, registerRunCommands } from './commands.ts';
import { ContractLanguage } from './contract/contractLanguage.ts';
import { registerCompareCommands } from './contractCompare.ts';
import { ContractPlans } from './contractPlans.ts';
import { CoreClient } from './coreClient.ts';
import { Diagnostics } from './diagnostics.ts';
import { GateTests } from './gateTests.ts';
import { registerGovernanceCommands } from './governanceCommands.ts';
import { Log } from './log.ts';
import { newProject } from './newProject.ts';
import { registerConnectors } from './panels/connectorsPanel.ts';
import { ContractEditor, type ContractRowName } from './panels/contractEditor.ts';
import type { Resolution } from './panels/contractProtocol.ts';
import { CrosswalkEditor } from './panels/crosswalkEditor.ts';
import { registerErd } from './panels/erdPanel.ts';
import { registerProjectPanels } from './panels/projectPanels.ts';
import { registerQuality } from './panels/qualityPanel.ts';
import { ProjectModel } from './projectModel.ts';
import { Projects } from './projects.ts';
import { createCrosswalk, markOutOfScope, QuickFixes } from './quickFixes.ts';
import { registerReviewCommands } from './reviewCommands.ts';
import { Runner } from './runner.ts';
import { registerSnapshotCommands } from './snapshotCommands.ts';
import { StatusBar } from './statusBar.ts';
import { StageTasks } from './tasks.ts';
import { type ContractFilter, designNodes } from './views/design.ts';
import { executionNodes } from './views/execution.ts';
import { opsNodes } from './views/ops.ts';
import { overviewNodes } from './views/overview.ts';
import { faultNode, type Node, NodeTree } from './views/tree.ts';

/** Several files change together when a stage ends or a person saves all. */
const FILES_SETTLE_MS = 300;

let core: CoreClient | null = null;
/** The grid's own thread: it answers while the other one checks or runs. It starts when a grid is opened. */
let gridCore: CoreClient | null = null;

/** Wires the parts. Nothing heavy is loaded: the core's thread starts with the first question. */
export function activate(context: vscode.ExtensionContext): PasMigrationApi {
  const log = new Log();
  core = new CoreClient(join(context.extensionUri.fsPath, 'dist'));
  gridCore = new CoreClient(join(context.extensionUri.fsPath, 'dist'));
  const projects = new Projects();
  const runner = new Runner(core, log);
  const model = new ProjectModel(projects, core, log);
  const diagnostics = new Diagnostics(projects, core, log);
  const contract = new ContractEditor({ context, projects, core: gridCore, recorder: core, diagnostics, log });
  const crosswalk = new CrosswalkEditor({ context, projects, model, core: gridCore, recorder: core, diagnostics, log });
  context.subscriptions.push(
    log,
    projects,
    runner,
    model,
    diagnostics,
    contract,
    crosswalk,
    new StatusBar(projects, model, runner),
    new GateTests(projects, core, model, runner),
    model.onDidChange(() => diagnostics.schedule()),
    model.onDidTouch(() => diagnostics.schedule(FILES_SETTLE_MS)),
    runner.onEvent(({ event }) => {
      if (event.type === 'stage-finished') model.refresh();
    }),
    registerErd({ context, projects, core, log }),
    registerQuality({ context, projects, core: gridCore, runner, contract, log }),
    registerProjectPanels({ context, projects, core, model, runner, contract, log }),
    registerRunCommands({ projects, core, runner, log }),
    registerReviewCommands(projects, runner),
    registerGovernanceCommands({ projects, model, runner, log }),
    new ContractPlans({ context, projects, core, log }),
    registerCompareCommands({ projects, core, model }),
    new ContractLanguage(projects, core).register(diagnostics.onDidCheck),
    registerConnectors({ context, projects, core, runner, log }),
    registerSnapshotCommands({ projects, core, model, runner, log }),
    registerViews(projects, model, runner),
    registerSmallCommands(context, projects, model, contract, crosswalk),
    vscode.languages.registerCodeActionsProvider(QuickFixes.selector, new QuickFixes(projects, core), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    vscode.tasks.registerTaskProvider(StageTasks.type, new StageTasks(projects, core, runner)),
  );
  if (projects.current !== null) {
    void model.load();
    diagnostics.schedule();
  }
  return makeApi(projects, model, runner);
}

/** Stops what runs and ends the core's thread. */
export async function deactivate(): Promise<void> {
  await Promise.all([core?.dispose(), gridCore?.dispose()]);
  core = null;
  gridCore = null;
}

function registerViews(projects: Projects, model: ProjectModel, runner: Runner): vscode.Disposable {
  let filter: ContractFilter = 'all';
  let running: string | null = null;
  const tree = (nodes: (root: string, state: NonNullable<ProjectModel['state']>) => readonly Node[]): NodeTree =>
    new NodeTree(async () => {
      const root = projects.current;
      const state = root === null ? null : await model.load();
      if (root !== null && state === null && model.fault !== null) return [faultNode(model.fault)];
      return root === null || state === null ? [] : nodes(root, state);
    });
  const trees = {
    'pasMigration.overview': tree(overviewNodes),
    'pasMigration.design': tree((root, state) => designNodes(root, state, filter)),
    'pasMigration.execution': tree((root, state) => executionNodes(root, state, running)),
    'pasMigration.ops': tree(opsNodes),
  };
  return vscode.Disposable.from(
    ...Object.entries(trees).map(([id, provider]) =>
      vscode.window.createTreeView(id, { treeDataProvider: provider, showCollapseAll: id === 'pasMigration.design' }),
    ),
    model.onDidChange(() => {
      for (const provider of Object.values(trees)) provider.refresh();
    }),
    model.onDidChangeBusy(() => trees['pasMigration.execution'].refresh()),
    runner.onEvent(({ event }) => {
      if (event.type === 'progress' || event.type === 'note') return;
      running = event.type === 'stage-started' ? event.stage : null;
      trees['pasMigration.execution'].refresh();
    }),
    vscode.commands.registerCommand('pasMigration.filterContract', async (given?: ContractFilter) => {
      const choices: readonly { label: string; value: ContractFilter }[] = [
        { label: 'All rows', value: 'all' },
        { label: 'Unresolved', value: 'unresolved' },
        { label: 'Not approved', value: 'not_approved' },
        { label: 'Mandatory', value: 'mandatory' },
      ];
      const known = choices.find(({ value }) => value === given)?.value;
      const chosen =
        known ?? (await vscode.window.showQuickPick(choices, { placeHolder: 'Contract rows to show' }))?.value;
      if (chosen === undefined) return;
      filter = chosen;
      trees['pasMigration.design'].refresh();
    }),
  );
}

function registerSmallCommands(
  context: vscode.ExtensionContext,
  projects: Projects,
  model: ProjectModel,
  contract: ContractEditor,
  crosswalk: CrosswalkEditor,
): vscode.Disposable {
  const open = async (path: string): Promise<void> => {
    if (projects.current === null) return;
    const uri = vscode.Uri.file(join(projects.current, path));
    try {
      await vscode.window.showTextDocument(uri);
    } catch {
      void vscode.window.showInformationMessage(`${path} is not there yet. Run the stage that writes it.`);
    }
  };
  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register('pasMigration.openGateReport', () => open(ARTEFACTS.gateReport)),
    register('pasMigration.openContract', async (given?: { readonly contractRow?: ContractRowName }, of?: unknown) => {
      const root = typeof of === 'string' ? await chooseProject(projects, of) : projects.current;
      if (root === null) return;
      if (existsSync(join(root, ARTEFACTS.contract))) await contract.open(root, given?.contractRow ?? null);
      else await open(ARTEFACTS.contract);
    }),
    register('pasMigration.mergeContract', async (how?: Resolution, choices?: Readonly<Record<string, Side>>) => {
      if (projects.current === null) return;
      // Without a word the grid shows what differs, and offers the ways.
      if (how === undefined) await contract.open(projects.current);
      else await contract.settle(projects.current, how, choices);
    }),
    register('pasMigration.refresh', () => {
      projects.refresh();
      model.refresh();
    }),
    register('pasMigration.loadMore', (more: () => void) => more()),
    register('pasMigration.newProject', async (folder?: string) => {
      const made = await newProject(context.extensionUri, typeof folder === 'string' ? folder : undefined);
      projects.refresh();
      return made;
    }),
    register('pasMigration.markOutOfScope', (uri: vscode.Uri, line: number, reason?: string) =>
      markOutOfScope(uri, line, reason),
    ),
    register('pasMigration.createCrosswalk', createCrosswalk),
    register('pasMigration.openCrosswalk', (given?: unknown, root?: string) =>
      crosswalk.openGiven(given, root ?? projects.current),
    ),
    register('pasMigration.explainProblem', (code: string) => {
      const help = vscode.Uri.joinPath(context.extensionUri, 'docs', 'problems.md').with({ fragment: String(code) });
      return vscode.commands.executeCommand('markdown.showPreview', help);
    }),
  );
}
