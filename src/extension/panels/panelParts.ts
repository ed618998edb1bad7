import type * as vscode from 'vscode';
import type { Place } from '../../core/review/place.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Log } from '../log.ts';
import type { ProjectModel } from '../projectModel.ts';
import type { Projects } from '../projects.ts';
import type { Runner } from '../runner.ts';
import type { ContractEditor } from './contractEditor.ts';

/** What panels of a project need of the extension. */
export interface ProjectPanelParts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly model: ProjectModel;
  readonly runner: Runner;
  readonly contract: ContractEditor;
  readonly log: Log;
}

/** A panel, as far as its project goes. */
export interface Shown {
  readonly root: string | null;
}

/** Opens what stands behind a number of a panel. */
export type OpenFromPanel = (place: Place, panel: Shown) => Promise<Record<string, never>>;

/** The project a panel shows. A page without one asks nothing. */
export function shownRoot(panel: Shown): string {
  if (panel.root === null) throw new Error('No migration project is open.');
  return panel.root;
}
