import * as vscode from 'vscode';

/** One line of a tree view, with children that are made when it is opened. */
export interface Node {
  readonly label: string;
  readonly description?: string;
  readonly tooltip?: string;
  readonly icon?: vscode.ThemeIcon;
  /** For `when` clauses of menus. */
  readonly context?: string;
  readonly command?: vscode.Command;
  /** Read out instead of label and description. */
  readonly spoken?: string;
  readonly id?: string;
  readonly children?: () => readonly Node[] | Promise<readonly Node[]>;
  readonly expanded?: boolean;
  /** For commands that act on the item. */
  readonly contractRow?: { readonly table: string; readonly field: string; readonly rowSet: string };
  readonly crosswalk?: string;
  readonly snapshotId?: string;
  readonly connection?: string;
  readonly stageId?: string;
  readonly resource?: vscode.Uri;
}

/** Children shown at once; the rest waits behind *Load more*. */
const PAGE = 200;

/** A tree over plain nodes: lazy, with pages, and read out by screen readers. */
export class NodeTree implements vscode.TreeDataProvider<Node> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #roots: () => readonly Node[] | Promise<readonly Node[]>;
  /** Node id → how many children are shown. */
  readonly #shown = new Map<string, number>();

  constructor(roots: () => readonly Node[] | Promise<readonly Node[]>) {
    this.#roots = roots;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const all = node === undefined ? await this.#roots() : await (node.children?.() ?? []);
    const key = node?.id ?? '';
    const shown = this.#shown.get(key) ?? PAGE;
    if (all.length <= shown) return [...all];
    const left = all.length - shown;
    const more: Node = {
      label: `Load more… (${left.toLocaleString()} left)`,
      icon: new vscode.ThemeIcon('ellipsis'),
      command: { command: 'pasMigration.loadMore', title: 'Load more', arguments: [() => this.#showMore(key)] },
    };
    return [...all.slice(0, shown), more];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const state = vscode.TreeItemCollapsibleState;
    const collapsible =
      node.children === undefined ? state.None : node.expanded === true ? state.Expanded : state.Collapsed;
    const item = new vscode.TreeItem(node.label, collapsible);
    if (node.description !== undefined) item.description = node.description;
    if (node.tooltip !== undefined) item.tooltip = node.tooltip;
    if (node.icon !== undefined) item.iconPath = node.icon;
    if (node.context !== undefined) item.contextValue = node.context;
    if (node.command !== undefined) item.command = node.command;
    if (node.id !== undefined) item.id = node.id;
    item.accessibilityInformation = { label: node.spoken ?? [node.label, node.description].filter(Boolean).join(', ') };
    return item;
  }

  #showMore(key: string): void {
    this.#shown.set(key, (this.#shown.get(key) ?? PAGE) + PAGE);
    this.refresh();
  }
}

export function icon(name: string, color?: string): vscode.ThemeIcon {
  return color === undefined ? new vscode.ThemeIcon(name) : new vscode.ThemeIcon(name, new vscode.ThemeColor(color));
}

export const PASSED = (): vscode.ThemeIcon => icon('pass', 'testing.iconPassed');
export const FAILED = (): vscode.ThemeIcon => icon('error', 'testing.iconFailed');
export const UNKNOWN = (): vscode.ThemeIcon => icon('circle-outline');

/** The one line of a view whose project cannot be read. */
export function faultNode(message: string): Node {
  return { label: 'The project cannot be read', description: message, tooltip: message, icon: FAILED() };
}

/** `3 min ago`, short enough for a narrow view; empty when there is no time. */
export function age(time: string | number | null, now = Date.now()): string {
  if (time === null) return '';
  const seconds = Math.max(0, Math.round((now - new Date(time).getTime()) / 1000));
  const units: readonly (readonly [name: string, size: number])[] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const [name, size] = units.find(([, length]) => seconds >= length) ?? ['s', 1];
  return `${Math.floor(seconds / size)} ${name} ago`;
}

/** Opens the Quality panel; at the issues that fit when some are named. */
export function openQuality(given: Readonly<Record<string, string>>): vscode.Command {
  return { command: 'pasMigration.openQuality', title: 'Open Quality', arguments: [given] };
}

/** Opens a project file at a line. */
export function openAt(root: string, path: string, line = 1): vscode.Command {
  const uri = vscode.Uri.joinPath(vscode.Uri.file(root), ...path.split('/'));
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(at, at), preview: true };
  return { command: 'vscode.open', title: 'Open', arguments: [uri, options] };
}
