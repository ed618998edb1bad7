import { RELEASE_PROFILES, type ReleaseProfile } from '../connectors/policy.ts';
import { lastSourceDir } from '../crosswalk/lastSourceDir.ts';
import { PROFILE_NAMES, type ProfileName } from '../gates/profiles.ts';
import { readRunHistory } from '../history/runHistory.ts';
import { IMPUTE_MODES, type ImputeMode } from '../migration/plan.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readSide } from './side.ts';

/** The options with which the three stages run. */
export interface RunOptions {
  readonly profile: ProfileName;
  readonly imputeMode: ImputeMode;
  /** What the migration is for; null: as the impute mode says. */
  readonly releaseProfile: ReleaseProfile | null;
  /** Project-relative inside the project, absolute outside. */
  readonly sourceDir: string;
  readonly crosswalkDir: string;
  readonly targetCatalogFile: string;
  readonly minPatients: number;
  /** Null: from the mock data manifest. */
  readonly extractAt: string | null;
}

/**
 * The options of the project's last run, so that a preview says what the next run of the same kind gives: from its
 * reports, and from the history of commands where a report does not name them. Without any run, each stage's defaults.
 */
export async function lastRunOptions(project: Project): Promise<RunOptions> {
  const side = await readSide(project);
  const history = await readRunHistory(project);
  const given = (runId: string | undefined, name: string): string | null => {
    const run = history.find((past) => past.run_id === runId && runId !== undefined);
    const value = run?.options[name];
    return typeof value === 'string' ? value : null;
  };
  const migration = side.migration?.run_id;
  const profile = PROFILE_NAMES.find((known) => known === side.gates?.profile) ?? 'development';
  return {
    profile,
    // Without a run, the rehearsal of that name is meant.
    imputeMode: IMPUTE_MODES.find((known) => known === side.migration?.impute_mode) ?? profile,
    releaseProfile: RELEASE_PROFILES.find((known) => known === side.migration?.release_profile) ?? null,
    sourceDir: project.name(given(migration, 'source_dir') ?? (await lastSourceDir(project))),
    crosswalkDir: project.name(given(migration, 'crosswalk_dir') ?? ARTEFACTS.crosswalks),
    targetCatalogFile: project.name(given(migration, 'target_catalog_file') ?? ARTEFACTS.targetCatalog),
    minPatients: side.quality?.min_patients ?? 1,
    extractAt: given(side.quality?.run_id, 'extract_at'),
  };
}
