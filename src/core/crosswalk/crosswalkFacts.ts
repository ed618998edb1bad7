import { parseCsvText } from '../csv/csvText.ts';
import type { Engine } from '../engine/engine.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Checking } from '../review/checking.ts';
import { UserError } from '../shared/errors.ts';
import { codesMet } from './codesMet.ts';
import { type CodesMet, turningDays } from './coverage.ts';
import { readIndexText } from './crosswalkIndex.ts';
import { crosswalkFile } from './crosswalkName.ts';
import type { CrosswalkEntry, CrosswalkFacts, TargetCode } from './crosswalkShapes.ts';
import type { CrosswalkSheet } from './crosswalkSheet.ts';
import { lastSourceDir } from './lastSourceDir.ts';
import { lineNotes } from './lineNotes.ts';

/** Open codes that are shown; the terminal's `crosswalk gaps --out` has all. */
const MOST_OPEN = 500;
/** Target codes that are offered. */
const MOST_TARGETS = 5_000;

/**
 * Looks at the data for the codes that this crosswalk is asked for, once until data, contract or the days at which lines
 * begin and end change, and compares them with the sheet's present lines.
 *
 * @param openEngine opens an empty database
 */
export async function crosswalkFacts(
  project: Project,
  name: string,
  sheet: CrosswalkSheet,
  given: { readonly checking: Checking; readonly openEngine: () => Promise<Engine>; readonly signal: AbortSignal },
): Promise<CrosswalkFacts> {
  const { checking } = given;
  const entry = await entryOf(project, name);
  const sourceDir = await lastSourceDir(project);
  const { lines, safetyCritical } = sheet.inForce;
  const paths = [
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.crosswalkIndex,
    sourceDir,
  ];
  let met: CodesMet | null = null;
  let problem: string | null = null;
  try {
    met = await checking.of(project, `codes met ${name} ${turningDays(lines).join(' ')}`, paths, async () => {
      const engine = await given.openEngine();
      const request = { sourceDir, names: new Set([name]), lines: new Map([[name, lines]]), signal: given.signal };
      const found = await codesMet(project, request, engine).finally(() => engine.close());
      return found.met.get(name) ?? { uses: [], met: [], notSeen: [] };
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problem = error.message;
  }
  sheet.take(met);
  sheet.owner = entry?.owner ?? '';
  const dated = lines.some(({ validFrom, validTo }) => validFrom !== null || validTo !== null);
  const eventDates = entry?.eventDates ?? [];
  const notes = await lineNotes(project, { file: crosswalkFile(name), lines, entry, dated, eventDates }, null);
  return {
    name,
    entry,
    safetyCritical: entry?.safetyCritical ?? safetyCritical,
    uses: met?.uses ?? [],
    sourceDir: project.name(sourceDir),
    coverage: sheet.coverage(MOST_OPEN),
    notSeen: [...(problem === null ? (met?.notSeen ?? []) : [problem]), ...sheet.hiddenColumns, ...notes.sentences],
    targets: await targetsOf(project, entry?.codeSet ?? ''),
  };
}

async function entryOf(project: Project, name: string): Promise<CrosswalkEntry | null> {
  const text = await readOptionalText(project, ARTEFACTS.crosswalkIndex).catch(() => null);
  return text === null ? null : (readIndexText(text, ARTEFACTS.crosswalkIndex).value.get(name) ?? null);
}

/** Codes of a target's list; none when it is not there. */
async function targetsOf(project: Project, codeSet: string): Promise<TargetCode[]> {
  if (!/^[\w-]+$/.test(codeSet)) return [];
  const file = `${ARTEFACTS.codeSets}/${codeSet}.csv`;
  const text = await readOptionalText(project, file).catch(() => null);
  if (text === null) return [];
  return parseCsvText(text, file, ['code'])
    .value.records.slice(0, MOST_TARGETS)
    .map(({ cells }) => ({ code: cells['code'] ?? '', description: cells['description'] ?? '' }));
}
