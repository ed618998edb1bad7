import { ARTEFACTS } from '../project/layout.ts';

/** Project-relative path of a crosswalk's file. */
export function crosswalkFile(name: string): string {
  return `${ARTEFACTS.crosswalks}/${name}.csv`;
}

/** Name of the crosswalk of a project-relative path; null when the path is no crosswalk file. */
export function crosswalkName(path: string): string | null {
  const name = path.startsWith(`${ARTEFACTS.crosswalks}/`) ? path.slice(ARTEFACTS.crosswalks.length + 1) : '';
  return /^[^/\\]+\.csv$/.test(name) && !/^[._]/.test(name) ? name.slice(0, -4) : null;
}
