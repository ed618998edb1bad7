import { createHash } from 'node:crypto';
import { readApprovals } from '../audit/approvals.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { compileContract, ruleTexts } from '../contract/compileContract.ts';
import type { Contract } from '../contract/contract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { parseRules } from '../contract/parseRule.ts';
import { type Crosswalk, readCrosswalks } from '../crosswalk/crosswalk.ts';
import type { Engine } from '../engine/engine.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { hasErrors, type Problem } from '../shared/problem.ts';
import type { ImputeMode, MigrationPlan } from './plan.ts';

/** Which files a migration runs on; project-relative or absolute. */
export interface MigrationFiles {
  readonly contractFile: string;
  readonly targetCatalogFile: string;
  readonly crosswalkDir: string;
}

/** A checked contract, ready to run, with everything it was checked against. */
export interface MigrationInputs {
  readonly contract: Contract;
  readonly contractSha256: string;
  readonly source: Catalog;
  readonly target: Catalog;
  readonly crosswalks: ReadonlyMap<string, Crosswalk>;
  readonly plan: MigrationPlan;
  /** Warnings: errors have stopped the work before. */
  readonly problems: readonly Problem[];
  /** Text files read, with hash and number of records. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly rows: number }[];
}

/** `reports/mapping_contract.csv` has its table rows in `reports/mapping_contract_tables.csv`. */
export function tablesFileOf(contractFile: string): string {
  return contractFile.replace(/(\.csv)?$/i, '_tables.csv');
}

/** Reads catalogs, contract and crosswalks and compiles them. Any error problem stops here as a `UserError`. */
export async function readMigrationInputs(
  project: Project,
  files: MigrationFiles,
  imputeMode: ImputeMode,
  engine: Engine,
): Promise<MigrationInputs> {
  const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
  const target = await loadCatalog(project, files.targetCatalogFile, 'target');
  const tablesFile = tablesFileOf(files.contractFile);
  const next = 'Run build-mapping-contract first.';
  const fieldsText = await readRequiredText(project, files.contractFile, next);
  const tablesText = await readRequiredText(project, tablesFile, next);
  const read = readContractText(fieldsText, project.name(files.contractFile), tablesText, project.name(tablesFile));
  if (hasErrors(read.problems)) throw UserError.from(read.problems);
  // Approved rows may be imputed in a rehearsal; one that changed since its approval is not approved.
  const { contract } = (await readApprovals(project)).applyTo(read.value);
  const crosswalks = await readCrosswalks(project, files.crosswalkDir);
  if (hasErrors(crosswalks.problems)) throw UserError.from(crosswalks.problems);
  const compiled = compileContract({
    contract,
    contractFile: project.name(files.contractFile),
    tablesFile: project.name(tablesFile),
    source,
    target,
    crosswalks: crosswalks.value,
    rules: await parseRules(engine, ruleTexts(read.value)),
    imputeMode,
  });
  if (hasErrors(compiled.problems)) throw UserError.from(compiled.problems);
  const texts = [files.contractFile, tablesFile, ARTEFACTS.sourceCatalog, files.targetCatalogFile];
  const used = [...crosswalks.value.values()].map((crosswalk) => crosswalk.file);
  const index = `${files.crosswalkDir.replace(/\/[^/]*\/?$/, '')}/crosswalk_index.csv`;
  return {
    contract,
    contractSha256: sha256(fieldsText),
    source,
    target,
    crosswalks: crosswalks.value,
    plan: compiled.plan,
    problems: [...read.problems, ...crosswalks.problems, ...compiled.problems],
    files: await hashTexts(project, [...texts, ...used, index]),
  };
}

async function hashTexts(project: Project, paths: readonly string[]) {
  const hashed = [];
  for (const path of [...new Set(paths.map((name) => project.name(name)))].sort(compareText)) {
    const text = await readOptionalText(project, path);
    if (text === null) continue;
    hashed.push({
      path,
      sha256: sha256(text),
      rows: Math.max(0, text.split('\n').filter((line) => line !== '').length - 1),
    });
  }
  return hashed;
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
