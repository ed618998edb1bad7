import type { Catalog, CatalogField, CatalogSide, CatalogTable } from '../catalog/catalog.ts';
import { type Concept, conceptOf, FAMILIES } from '../concepts/vocabulary.ts';
import { csvCell } from '../csv/csvText.ts';
import { compareText } from '../shared/order.ts';
import type { CodeBook } from './codeBook.ts';
import { type CodeChooser, codeChooser, translatedChooser } from './codeCells.ts';
import { type Entity, isPatientFamily, type Like, type Scene, type Value } from './entity.ts';
import { fillerFor } from './filler.ts';
import { identifiedFamily, isNumeric, KeyStyles } from './keyStyle.ts';
import { hashText, mix32 } from './random.ts';
import { isReferenceFamily, type RefEntity, type Reference } from './reference.ts';
import { temporalWriter } from './temporalCells.ts';
import { valueGetter } from './valueGetter.ts';

/** One field of one row as it stands in the CSV, quoted where needed. */
export type Cell = (entity: Entity, scene: Scene) => string;

/** A date that says something has ended must stay empty while it has not, mandatory or not. */
const ENDING = /end|clos|remov|stop|cancel|death|discharg|expire|valid_to|depart|left|ready|rebook|merged/;

/**
 * Writes canonical rows as one side's catalog declares them. Every cell is a pure function of the row, so that a foreign
 * key can be written by the very cell it points at.
 */
export class Projection {
  readonly catalog: Catalog;
  readonly side: CatalogSide;
  /** `table.field: what could not be written`, once each: never a value of a row, only national codes. */
  readonly gaps = new Set<string>();
  readonly #codes: CodeBook;
  readonly #reference: Reference;
  readonly #keys: KeyStyles;
  readonly #cells = new Map<CatalogField, Cell>();
  readonly #rowsOf: (table: CatalogTable) => readonly Entity[];
  readonly #source: Catalog;
  readonly #familyOf: (table: CatalogTable) => string;

  /**
   * @param patients how many the cohort has: keys must fit
   * @param rowsOf rows of a table that is no patient's: what a foreign key into it may name
   * @param familyOf the family whose rows a table is made of
   * @param source the source's catalog, by whose codes the target's are chosen; the same one for the source itself
   */
  constructor(
    catalog: Catalog,
    codes: CodeBook,
    reference: Reference,
    patients: number,
    rowsOf: (table: CatalogTable) => readonly Entity[],
    familyOf: (table: CatalogTable) => string,
    source: Catalog,
  ) {
    this.catalog = catalog;
    this.side = catalog.side;
    this.#codes = codes;
    this.#reference = reference;
    this.#keys = new KeyStyles(catalog, patients);
    this.#rowsOf = rowsOf;
    this.#familyOf = familyOf;
    this.#source = source;
  }

  /** Cells of a table in catalog order. */
  cells(table: CatalogTable): Cell[] {
    return table.fields.map((field) => this.cell(field));
  }

  /** Primary key of a row, parts joined by `|`, as manifests and reports name it. */
  rowKey(table: CatalogTable, entity: Entity, scene: Scene): string {
    const key = table.fields.filter((field) => field.primaryKey);
    return (key.length > 0 ? key : table.fields.slice(0, 1)).map((field) => this.cell(field)(entity, scene)).join('|');
  }

  cell(field: CatalogField): Cell {
    const known = this.#cells.get(field);
    if (known !== undefined) return known;
    // A table that points at itself asks for a cell while it is being made.
    let made: Cell | null = null;
    this.#cells.set(field, (entity, scene) => (made === null ? '' : made(entity, scene)));
    made = this.#make(field);
    this.#cells.set(field, made);
    return made;
  }

  #make(field: CatalogField): Cell {
    const concept = conceptOf(field.family, field.concept);
    if (concept !== undefined) return this.#conceptCell(field, concept);
    if (field.foreignKey !== null) return this.#foreignCell(field);
    if (field.primaryKey) {
      const write = this.#idWriter(field, this.#rowFamily(field));
      return (entity) => write(entity.id);
    }
    return this.#filler(field);
  }

  #filler(field: CatalogField): Cell {
    const salt = saltOfField(field);
    const codes = codeChooser(field, this.side, this.#codes, salt);
    const fill = fillerFor(field, codes, salt, (entity) => this.#keys.text(entity.family, entity.id));
    return (entity) => csvCell(fill(entity));
  }

  /** The value of a concept; where the row has none, nothing, or something of the right kind when the field insists. */
  #conceptCell(field: CatalogField, concept: Concept): Cell {
    const get = valueGetter(field.family, concept.name, occurrenceOf(this.catalog, field));
    const write = this.#writer(field, concept);
    const missing = this.#missing(field, concept);
    const { name } = concept;
    return (entity, scene) => {
      const value = get === null ? entity.values[name] : get(entity);
      if (value === undefined) return missing(entity, scene);
      if (typeof value === 'object' && 'verbatim' in value) return csvCell(value.verbatim);
      return write(value, entity, scene);
    };
  }

  #missing(field: CatalogField, concept: Concept): Cell {
    const type = concept.kind.type;
    const closing = ENDING.test(concept.name);
    if (!field.mandatory || type === 'key' || type === 'ref' || closing) {
      const insists = field.mandatory
        ? `${field.table}.${field.field}: mandatory, but some rows have nothing to put there`
        : '';
      return () => {
        if (insists !== '') this.gaps.add(insists);
        return '';
      };
    }
    if (type === 'flag') {
      const write = this.#flagWriter(field);
      return (entity) => write(false, entity);
    }
    return this.#filler(field);
  }

  #writer(field: CatalogField, concept: Concept): (value: Value, entity: Entity, scene: Scene) => string {
    const family = identifiedFamily(field);
    if (family !== '' && family !== 'CODE') return this.#keyWriter(field, family);
    if (family === 'CODE' && isNumeric(field)) return (_value, entity) => String(entity.id);
    switch (concept.kind.type) {
      case 'date':
      case 'datetime':
      case 'time': {
        const write = temporalWriter(field, concept.kind.type);
        // `67116,42000` holds a comma; no other way of writing a date needs quotes.
        const quote = field.format === 'HOROLOG_STAMP' ? csvCell : (text: string): string => text;
        return (value) => (typeof value === 'number' ? quote(write(value)) : '');
      }
      case 'flag':
        return this.#flagWriter(field);
      case 'code':
        return this.#codeWriter(field);
      default:
        return this.#textWriter(field);
    }
  }

  #codeWriter(field: CatalogField): (value: Value, entity: Entity) => string {
    const codes: CodeChooser = codeChooser(field, this.side, this.#codes, saltOfField(field));
    const likes = this.#translated(field) ?? codes;
    return (value, entity) => {
      const like = typeof value === 'object' && 'like' in value;
      const code = like ? likes.like(value as Like, entity) : codes.national(String(value), entity);
      if (code !== null) return csvCell(code);
      const room = field.length === null ? '' : ` that fits ${field.length} characters`;
      const wanted = like ? 'one of the meanings needed' : `national code ${String(value)}`;
      this.gaps.add(
        `${field.table}.${field.field}: ${field.codeSet || 'no list'} has no code for ${wanted}${room}; left empty`,
      );
      return '';
    };
  }

  /** How the target says what the source field of the same concept says. */
  #translated(field: CatalogField): CodeChooser | null {
    if (this.side === 'source') return null;
    for (const other of this.#source.fields) {
      if (other.family !== field.family || other.concept !== field.concept) continue;
      const chooser = translatedChooser(other, this.#codes, saltOfField(other));
      if (chooser !== null) return chooser;
    }
    return null;
  }

  /** Yes and no in the words of the field's list, where it has one that knows them. */
  #flagWriter(field: CatalogField): (value: Value, entity: Entity) => string {
    const codes = codeChooser(field, this.side, this.#codes, saltOfField(field));
    const listed = field.codeSet === '' ? [] : FLAG_WORDS;
    return (value, entity) => {
      for (const [yes, no] of listed) {
        const code = codes.national(value === true ? yes : no, entity);
        if (code !== null) return code;
      }
      return flagText(field, this.side, value === true);
    };
  }

  #textWriter(field: CatalogField): (value: Value) => string {
    const length = field.length ?? Number.POSITIVE_INFINITY;
    return (value) => {
      if (typeof value === 'number') return String(value);
      if (typeof value === 'object' && 'keyOf' in value) return this.#keys.text(value.keyOf, value.id);
      const text = typeof value === 'object' && 'text' in value ? value.text : String(value);
      return csvCell(text.length > length ? text.slice(0, length).trimEnd() : text);
    };
  }

  /** The key of another row, written as the field it points at writes it. */
  #keyWriter(field: CatalogField, family: string): (value: Value, entity: Entity, scene: Scene) => string {
    const target = this.#referred(field);
    if (target === null || target === field || identifiedFamily(target) === target.family) {
      const write = this.#idWriter(target ?? field, family);
      return (value) => write(Number(value));
    }
    const cell = this.cell(target);
    return (value, _entity, scene) => {
      const row = this.#find(family, Number(value), scene);
      return row === undefined ? '' : cell(row, scene);
    };
  }

  #referred(field: CatalogField): CatalogField | null {
    const key = field.foreignKey;
    return key === null ? null : (this.catalog.field(key.table, key.field) ?? null);
  }

  #find(family: string, id: number, scene: Scene): Entity | undefined {
    return this.#reference.find(family, id) ?? scene.find(family, id);
  }

  /** The family of the rows a field's table is made of. */
  #rowFamily(field: CatalogField): string {
    const table = this.catalog.table(field.table);
    return table === undefined ? field.family : this.#familyOf(table);
  }

  /** How an id stands in a field: a number as it is, a reference row by its code, a patient's row in the family's style. */
  #idWriter(field: CatalogField, family: string): (id: number) => string {
    if (isNumeric(field)) return String;
    if (isReferenceFamily(family)) {
      const codes = this.#reference.rows(family).map((row) => csvCell(this.#referenceCode(field, row)));
      return (id) => codes[id - 1] ?? '';
    }
    if (isPatientFamily(family)) return this.#keys.writer(family);
    const width = Math.min(field.length ?? 4, 4);
    return (id) => String(id).padStart(width, '0');
  }

  #referenceCode(field: CatalogField, row: RefEntity): string {
    const fits = (code: string): boolean => field.length === null || code.length <= field.length;
    if (this.side === 'source') {
      const lines = this.#codes.crosswalk(field.codeSet);
      const own = lines === undefined || lines.some((line) => line.code === row.local);
      const code = own ? row.local : (lines.find((line) => line.target === row.national)?.code ?? row.local);
      if (fits(code)) return code;
    } else if (row.national !== '' && fits(row.national) && this.#wantsNational(field, row)) return row.national;
    return fits(row.local) ? row.local : row.id.toString(36).toUpperCase();
  }

  /** The target speaks national codes where its list is national, or where it keeps no column for them apart. */
  #wantsNational(field: CatalogField, row: RefEntity): boolean {
    const listed = this.#codes.codeSet(field.codeSet);
    if (listed !== undefined) return listed.some((line) => line.code === row.national);
    const apart = this.catalog.ofFamily(row.family).flatMap((table) => table.fields.map((other) => other.concept));
    return !apart.includes('national_code') && !apart.includes('treatment_function');
  }

  /** A foreign key without a concept: this row's own instance of the family it points at. */
  #foreignCell(field: CatalogField): Cell {
    const target = this.#referred(field);
    const table = target === null ? undefined : this.catalog.table(target.table);
    if (target === null || table === undefined || target === field) return this.#filler(field);
    const cell = this.cell(target);
    const salt = saltOfField(field);
    if (!isPatientFamily(table.family)) {
      const rows = this.#rowsOf(table);
      return (entity, scene) => {
        const id = linkedId(entity, table.family);
        const row =
          rows.find((candidate) => candidate.id === id) ?? rows[mix32(entity.salt ^ salt) % Math.max(1, rows.length)];
        return row === undefined ? '' : cell(row, scene);
      };
    }
    return (entity, scene) => {
      const id = entity.family === table.family ? entity.id : linkedId(entity, table.family);
      const row = id === undefined ? undefined : scene.find(table.family, id);
      if (row !== undefined) return cell(row, scene);
      if (field.mandatory)
        this.gaps.add(`${field.table}.${field.field}: mandatory, but some rows have no ${table.name} row`);
      return '';
    };
  }

  /** What could not be written, sorted. */
  sortedGaps(): string[] {
    return [...this.gaps].sort(compareText);
  }
}

const FLAG_WORDS = [
  ['Y', 'N'],
  ['1', '0'],
  ['true', 'false'],
] as const;

/** The id of a family's row that this row names. */
export function linkedId(entity: Entity, family: string): number | undefined {
  for (const concept of FAMILIES.get(entity.family)?.concepts ?? []) {
    if (concept.kind.type !== 'ref' || concept.kind.family !== family) continue;
    const value = entity.values[concept.name];
    if (typeof value === 'number') return value;
  }
  return undefined;
}

function saltOfField(field: CatalogField): number {
  return hashText(`${field.table}.${field.field}`);
}

/** Which of several columns with the same concept: former surname 1, 2, 3. */
function occurrenceOf(catalog: Catalog, field: CatalogField): number {
  const same = catalog.table(field.table)?.fields.filter((other) => other.concept === field.concept) ?? [];
  return Math.max(0, same.indexOf(field));
}

function flagText(field: CatalogField, side: CatalogSide, value: boolean): string {
  if (field.dataType === 'BOOLEAN') return side === 'target' ? String(value) : value ? '1' : '0';
  if (isNumeric(field)) return value ? '1' : '0';
  return value ? 'Y' : 'N';
}
