import { readConnectorChoices } from '../connectors/connectorsFile.ts';
import type { Project } from '../project/layout.ts';

/**
 * A sentence when `connectors.json` names a source that this run does not read; null when it reads it or none is named.
 * A migration reads a folder of CSV, which a person may take for the system that was configured.
 *
 * @param extractedFrom connection that filled the folder, empty when no connector did
 */
export async function otherSource(project: Project, directory: string, extractedFrom: string): Promise<string | null> {
  const { value } = await readConnectorChoices(project);
  const { source } = value;
  if (source === null || source === extractedFrom) return null;
  const settings = value.connections.get(source);
  const path = settings?.options['path'];
  if (settings?.type === 'csv' && typeof path === 'string' && project.at(path) === project.at(directory)) return null;
  return `connectors.json names ${source} as source; this run reads ${project.name(directory)}. To read ${source}, run connectors extract ${source} --out DIR and give --source-dir DIR.`;
}
