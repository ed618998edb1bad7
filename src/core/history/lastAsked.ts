import { z } from 'zod';
import { lastSourceDir } from '../crosswalk/lastSourceDir.ts';
import { LIFECYCLE, type LifecycleOptions } from '../lifecycle/runProductLifecycle.ts';
import { STAGES } from '../lifecycle/stages.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readReport } from '../review/readReport.ts';
import { type PastRun, readRunHistory } from './runHistory.ts';

/** What the last runs of a project were asked for; an option that no run tells is left out. */
export interface LastAsked extends Partial<Pick<LifecycleOptions, Asked>> {
  readonly impute_mode?: string;
  /** Where the last migration read its source tables, unless that is the mock data. */
  readonly source_dir?: string;
}

type Asked = 'rows' | 'seed' | 'min_patients' | 'release_profile';

const MOCK_DATA = 'generate-mock-data';

/**
 * The options of a project's last runs, each from the newest run of the lifecycle, or of the one stage that has it. A run that
 * was cancelled or found bad input counts too: it is the one that a person wants again. What a restore put back was made
 * by another run than the last, so it goes before the runs that were before the restore.
 */
export async function lastAsked(project: Project): Promise<LastAsked> {
  const history = await readRunHistory(project);
  const restore = history.findIndex(({ restored }) => restored !== null);
  const from = await lastSourceDir(project);
  return {
    ...askedIn(restore < 0 ? history : history.slice(restore)),
    ...(restore < 0 ? {} : { ...(await askedOfFiles(project)), ...askedIn(history.slice(0, restore)) }),
    ...(from === ARTEFACTS.mockSource ? {} : { source_dir: from }),
  };
}

function askedIn(history: readonly PastRun[]): LastAsked {
  const found = {
    rows: newest(history, MOCK_DATA, 'rows', 'rows'),
    seed: newest(history, MOCK_DATA, 'seed', 'seed'),
    min_patients: newest(history, 'run-enterprise-pipeline', 'min_patients', 'min_patients'),
    release_profile: newest(history, 'run-release-gates', 'profile', 'release_profile'),
    impute_mode: newest(history, 'run-contract-migration', 'impute_mode', 'release_profile'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

const Profile = LIFECYCLE.options.shape.release_profile.removeDefault();

/** The options with which the project's files were made, as far as data and reports tell them. */
async function askedOfFiles(project: Project): Promise<LastAsked> {
  const read = async <T>(path: string, shape: z.ZodType<T>): Promise<T | null> =>
    (await readReport(project, path, shape)).value;
  const gates = await read(ARTEFACTS.gateReport, z.object({ profile: Profile }));
  return {
    ...(await read(ARTEFACTS.mockManifest, z.object({ rows: z.int().min(1), seed: z.int().min(0) }))),
    ...(await read(ARTEFACTS.migrationReport, z.object({ impute_mode: z.string() }))),
    ...(await read(ARTEFACTS.qualityReport, z.object({ min_patients: z.int().min(0) }))),
    ...(gates === null ? {} : { release_profile: gates.profile }),
  };
}

/** An option by its name in a stage's own runs and in those of the lifecycle. */
function newest(history: readonly PastRun[], stage: string, own: string, inLifecycle: Asked): unknown {
  const options = STAGES.find(({ id }) => id === stage)?.options;
  for (const run of history) {
    // What a run was not given it took from its defaults.
    const value =
      run.command === stage
        ? options?.safeParse(run.options).data?.[own]
        : run.command === LIFECYCLE.id && (stage !== MOCK_DATA || makesMockData(run))
          ? LIFECYCLE.options.safeParse(run.options).data?.[inLifecycle]
          : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** False for a run that started at a later stage: its number of rows made nothing. */
function makesMockData({ options }: PastRun): boolean {
  const from = options['from'];
  const at = STAGES.findIndex(({ id }) => id === from);
  return at <= STAGES.findIndex(({ id }) => id === MOCK_DATA);
}
