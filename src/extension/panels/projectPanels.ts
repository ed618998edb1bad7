import * as vscode from 'vscode';
import type { Place } from '../../core/review/place.ts';
import { chooseProject } from '../commands.ts';
import { DASHBOARD } from './dashboardProtocol.ts';
import { LifecyclePanel } from './lifecyclePanel.ts';
import { openPlace } from './openPlace.ts';
import { PanelHost } from './panelHost.ts';
import { type ProjectPanelParts, type Shown, shownRoot } from './panelParts.ts';
import { rolesTemplate } from './rolesTemplate.ts';
import { RunsPanel } from './runsPanel.ts';
import { USERS } from './usersProtocol.ts';

/** Registers the dashboard, lifecycle, runs and users panels with their commands. */
export function registerProjectPanels(parts: ProjectPanelParts): vscode.Disposable {
  const { core, projects } = parts;
  const shared = { extension: parts.context.extensionUri, projects, log: parts.log };
  const open = async (place: Place, panel: Shown): Promise<Record<string, never>> => {
    await openPlace(parts, shownRoot(panel), place);
    return {};
  };
  const dashboard = new PanelHost({
    ...shared,
    panel: DASHBOARD,
    title: 'Dashboard',
    answers: {
      content: (_, panel) => core.ask({ kind: 'dashboard', project: shownRoot(panel) }),
      decide: (_, panel) => core.ask({ kind: 'decideProfiles', project: shownRoot(panel) }),
      open,
      run: async (_, panel) => {
        await vscode.commands.executeCommand('pasMigration.runAll', null, shownRoot(panel));
        return {};
      },
    },
    changed: (panel) => panel.notify('changed', {}),
  });
  const users = new PanelHost({
    ...shared,
    panel: USERS,
    title: 'Users',
    answers: {
      content: (_, panel) => core.ask({ kind: 'users', project: shownRoot(panel) }),
      open,
      create: async (_, panel) => {
        await rolesTemplate(shownRoot(panel));
        return {};
      },
    },
    changed: (panel) => panel.notify('changed', {}),
  });
  const lifecycle = new LifecyclePanel(parts, open);
  const runs = new RunsPanel(parts, open);
  const register = (command: string, show: (root: string, given: unknown) => Promise<number | null>) =>
    vscode.commands.registerCommand(command, async (given?: unknown, of?: unknown) => {
      const root = await chooseProject(projects, of);
      return root === null ? null : show(root, given);
    });
  return vscode.Disposable.from(
    dashboard,
    users,
    lifecycle,
    runs,
    register('pasMigration.openDashboard', (root) => dashboard.open(root)),
    register('pasMigration.openLifecycle', (root) => lifecycle.open(root)),
    register('pasMigration.openRuns', (root, given) => runs.open(root, given)),
    register('pasMigration.openUsers', (root) => users.open(root)),
  );
}
