import type { CatalogTable } from '../catalog/catalog.ts';
import { csvLine } from '../csv/csvText.ts';
import type { Publication } from '../project/publication.ts';
import { UserError } from '../shared/errors.ts';
import { type Entity, Scene } from './entity.ts';
import type { Cell, Projection } from './projection.ts';
import { TableFile } from './tableFile.ts';
import type { TableRows } from './tableRows.ts';

interface OpenTable {
  readonly table: CatalogTable;
  /** Family of the patients' rows it is made of; empty for reference data. */
  readonly family: string;
  readonly cells: readonly Cell[];
  readonly file: TableFile;
}

export interface WrittenFile {
  readonly path: string;
  readonly rows: number;
  readonly sha256: string;
}

/** Writes every table of one side, scene by scene. */
export class SideWriter {
  readonly #projection: Projection;
  readonly #rows: TableRows;
  readonly #tables: OpenTable[] = [];

  constructor(projection: Projection, rows: TableRows) {
    this.#projection = projection;
    this.#rows = rows;
  }

  /** Opens one file a table in `directory` and writes the reference rows. */
  async open(publication: Publication, directory: string): Promise<void> {
    const nobody = new Scene();
    for (const table of this.#projection.catalog.tables.values()) {
      if (!/^[A-Za-z0-9][\w.$ -]*$/.test(table.name)) {
        throw new UserError(
          `${table.fields[0]?.specFile ?? directory}: the table name ${JSON.stringify(table.name)} cannot name a file; rename it in the spec.`,
        );
      }
      const path = `${directory}/${table.name}.csv`;
      const header = csvLine(table.fields.map((field) => field.field));
      const file = await TableFile.create(path, await publication.pathFor(path), header);
      const family = this.#rows.patientFamily(table);
      const open = { table, family, cells: this.#projection.cells(table), file };
      this.#tables.push(open);
      this.#writeFixed(open, nobody);
    }
  }

  /** Reference rows, each key once: several local codes may share one national code. */
  #writeFixed(open: OpenTable, scene: Scene): void {
    const seen = new Set<string>();
    for (const row of this.#rows.fixed(open.table)) {
      const key = this.#projection.rowKey(open.table, row, scene);
      if (seen.has(key)) continue;
      seen.add(key);
      writeRow(open, row, scene);
    }
  }

  /** Writes a scene's rows of patients up to `patients`. */
  async write(scene: Scene, patients: number): Promise<void> {
    for (const open of this.#tables) {
      if (open.family === '') continue;
      for (const row of this.#rows.ofScene(open.table, open.family, scene, patients)) writeRow(open, row, scene);
      await open.file.drain();
    }
  }

  /** Rows written so far. */
  get rows(): number {
    return this.#tables.reduce((sum, { file }) => sum + file.rows, 0);
  }

  async finish(): Promise<WrittenFile[]> {
    const written: WrittenFile[] = [];
    for (const { file } of this.#tables)
      written.push({ path: file.path, sha256: await file.finish(), rows: file.rows });
    return written;
  }

  async abandon(): Promise<void> {
    for (const { file } of this.#tables) await file.abandon();
  }
}

function writeRow({ cells, file }: OpenTable, row: Entity, scene: Scene): void {
  const texts = new Array<string>(cells.length);
  for (let at = 0; at < cells.length; at += 1) texts[at] = (cells[at] as Cell)(row, scene);
  // A single empty cell would be an empty line, which readers skip.
  file.add(texts.join(',') || '""');
}
