import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';

const INSTANT = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/;
const Manifest = z.object({ extract_at: z.string().optional() });

/**
 * X of the brief: the one instant at which both sides are looked at, in local time of the extract. From `--extract-at`, else
 * from the mock data manifest, else null: rules that need it are then not applicable, never guessed from "today" or from
 * the newest date in the data, which a single typing error would move.
 */
export async function readExtractAt(project: Project, option: string | undefined): Promise<string | null> {
  if (option !== undefined) return checked(option, '--extract-at');
  const text = await readOptionalText(project, ARTEFACTS.mockManifest);
  if (text === null) return null;
  const value = parseManifest(text);
  return value === null ? null : checked(value.replace(/Z$/, ''), `${ARTEFACTS.mockManifest}: extract_at`);
}

function parseManifest(text: string): string | null {
  try {
    return Manifest.parse(JSON.parse(text)).extract_at ?? null;
  } catch {
    throw new UserError(
      `${ARTEFACTS.mockManifest}: is not a manifest with an extract_at text; run generate-mock-data again.`,
    );
  }
}

function checked(value: string, where: string): string {
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value.slice(0, 10));
  const time = /(\d{2}):(\d{2})(?::(\d{2}))?/.exec(value);
  const inDay = time === null || (Number(time[1]) < 24 && Number(time[2]) < 60 && Number(time[3] ?? 0) < 60);
  if (!INSTANT.test(value) || !real || !inDay) {
    throw new UserError(`${where}: give the local date and time of the extract as CCYY-MM-DDThh:mm:ss.`);
  }
  return value.replace(' ', 'T');
}
