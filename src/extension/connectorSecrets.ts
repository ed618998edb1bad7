import * as vscode from 'vscode';
import type { ConnectorType } from '../core/review/connectorsModel.ts';
import type { GivenSecrets } from './connectorRequests.ts';

/** Secrets of connections in the editor's secret storage, apart for each project; never in a file, setting or log. */
export class ConnectorSecrets {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  /** Keeps a secret; an empty one is forgotten. */
  async keep(root: string, connection: string, option: string, secret: string): Promise<void> {
    const key = keyOf(root, connection, option);
    await (secret === '' ? this.#storage.delete(key) : this.#storage.store(key, secret));
  }

  async has(root: string, connection: string, option: string): Promise<boolean> {
    return (await this.#storage.get(keyOf(root, connection, option))) !== undefined;
  }

  /** What is kept for a connection; asks for a needed one that is not. Null when the person steps back. */
  async given(root: string, connection: string, type: ConnectorType | undefined): Promise<GivenSecrets | null> {
    const secrets: Record<string, string> = {};
    for (const field of type?.fields.filter(({ secret }) => secret) ?? []) {
      let secret = await this.#storage.get(keyOf(root, connection, field.name));
      if (secret === undefined && field.required) {
        secret = await ask(connection, field.name, field.description);
        if (secret === undefined) return null;
        await this.keep(root, connection, field.name, secret);
      }
      if (secret !== undefined && secret !== '') secrets[field.name] = secret;
    }
    return { connection, secrets };
  }
}

/** Asks for a secret without showing it. */
export function ask(connection: string, option: string, description: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `${connection}: ${option}`,
    prompt: `${description}. Kept in the editor's secret storage only; empty to forget it.`,
    password: true,
    ignoreFocusOut: true,
  });
}

function keyOf(root: string, connection: string, option: string): string {
  return `pasMigration.connector:${root}:${connection}:${option}`;
}
