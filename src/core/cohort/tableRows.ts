import type { Catalog, CatalogTable } from '../catalog/catalog.ts';
import { EXTRACT_DAY } from './calendar.ts';
import type { CodeBook, CodeLine } from './codeBook.ts';
import { type Entity, isPatientFamily, MAX_RECORDS, type Scene, saltOf, slotsOf, type Values } from './entity.ts';
import { isReferenceFamily, type Reference } from './reference.ts';

/** Rows of a reference table nobody knows the meaning of. */
const STRANGE_ROWS = 8;
/** Of the rows it belongs to, one in so many has a row in a patient's table of unknown meaning. */
const STRANGE_SHARE = 3;

/** Where the rows of each table come from: fixed reference rows, or each scene's patients. */
export class TableRows {
  readonly #catalog: Catalog;
  readonly #codes: CodeBook;
  readonly #reference: Reference;
  readonly #seed: number;
  readonly #fixed = new Map<string, readonly Entity[]>();

  constructor(catalog: Catalog, codes: CodeBook, reference: Reference, seed: number) {
    this.#catalog = catalog;
    this.#codes = codes;
    this.#reference = reference;
    this.#seed = seed;
  }

  /** The family whose rows a table's rows are made of; empty for reference data. */
  patientFamily(table: CatalogTable): string {
    if (isPatientFamily(table.family)) return table.family;
    if (table.family !== '') return '';
    const families = table.fields
      .map((field) => (field.foreignKey === null ? '' : (this.#catalog.table(field.foreignKey.table)?.family ?? '')))
      .filter(isPatientFamily);
    return families.find((family) => family !== 'PMI') ?? families[0] ?? '';
  }

  /** Rows of a table that is no patient's. */
  fixed(table: CatalogTable): readonly Entity[] {
    const known = this.#fixed.get(table.name);
    if (known !== undefined) return known;
    const rows = this.#makeFixed(table);
    this.#fixed.set(table.name, rows);
    return rows;
  }

  /**
   * A scene's rows of a patient's table.
   *
   * @param family what `patientFamily` says of the table
   * @param patients rows of patients beyond are left out
   */
  ofScene(table: CatalogTable, family: string, scene: Scene, patients: number): readonly Entity[] {
    const rows = scene.rows(family);
    const wanted = rows.every((row) => isWanted(row, patients)) ? rows : rows.filter((row) => isWanted(row, patients));
    return table.family === family ? wanted : wanted.filter((row) => row.salt % STRANGE_SHARE === 0 || row.id === 1);
  }

  #makeFixed(table: CatalogTable): readonly Entity[] {
    if (this.patientFamily(table) !== '') return [];
    if (isReferenceFamily(table.family)) return this.#reference.rows(table.family);
    if (table.family === 'CODE') {
      const rows = this.#codeRows(table);
      if (rows.length > 0) return rows;
    }
    return Array.from({ length: STRANGE_ROWS }, (_, at) => this.#row(table.family, at + 1, {}));
  }

  #row(family: string, id: number, values: Values): Entity {
    const from = EXTRACT_DAY - 4000;
    return { family, id, values, from, to: EXTRACT_DAY - 2000, salt: saltOf(this.#seed, `fixed ${family}`, id) };
  }

  /** A code table's rows are the codes in use: of every list when it names the list, else of the list it is for. */
  #codeRows(table: CatalogTable): readonly Entity[] {
    const all = table.fields.some((field) => field.concept === 'code_set');
    const names = all ? this.#usedLists() : this.#listsOf(table);
    const rows: Entity[] = [];
    for (const name of names) {
      for (const line of this.#lines(name) ?? []) {
        if (!this.#fits(table, name, line)) continue;
        rows.push(
          this.#row('CODE', rows.length + 1, {
            code_set: name,
            code: line.code,
            description: line.description || line.code,
            national_code: line.target,
            active: line.validTo === null,
            valid_from: line.validFrom ?? EXTRACT_DAY - 9000,
            valid_to: line.validTo ?? undefined,
          }),
        );
      }
    }
    return rows;
  }

  /** A shortened code would be another code. */
  #fits(table: CatalogTable, name: string, line: CodeLine): boolean {
    const room = (concept: string): number =>
      Math.min(
        ...table.fields
          .filter((field) => field.concept === concept)
          .map((field) => field.length ?? Number.POSITIVE_INFINITY),
      );
    return line.code.length <= room('code') && name.length <= room('code_set');
  }

  #lines(name: string): readonly CodeLine[] | undefined {
    const crosswalk = this.#catalog.side === 'source' ? this.#codes.crosswalk(name) : undefined;
    return crosswalk ?? this.#codes.codeSet(name);
  }

  #usedLists(): string[] {
    return [...new Set(this.#catalog.fields.map((field) => field.codeSet).filter((name) => name !== ''))];
  }

  /** Lists of the fields that point at the table, of its own fields, or of the one its name speaks of. */
  #listsOf(table: CatalogTable): string[] {
    const pointing = this.#catalog.fields.filter(
      (field) => field.foreignKey?.table === table.name || field.table === table.name,
    );
    const named = [...new Set(pointing.map((field) => field.codeSet).filter((name) => name !== ''))];
    if (named.length > 0) return named;
    const likeName = this.#usedLists().find((name) => similar(name, table.name));
    return likeName === undefined ? [] : [likeName];
  }
}

/** Patients asked for, and those beyond every cohort, which only a planted duplicate is. */
function isWanted(row: Entity, patients: number): boolean {
  const owner = ownerOf(row);
  return owner <= patients || owner > MAX_RECORDS;
}

/** The patient a row belongs to. */
export function ownerOf(row: Entity): number {
  return Math.floor((row.id - 1) / slotsOf(row.family)) + 1;
}

function similar(a: string, b: string): boolean {
  const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z]/g, '');
  return plain(a).includes(plain(b)) || plain(b).includes(plain(a));
}
