import type { CatalogField } from '../../catalog/catalog.ts';

/** A property of a class as SQL sees it. */
export interface ProjectedColumn {
  readonly name: string;
  /** `%Library.Date`, … */
  readonly type: string;
  readonly maxLength: number | null;
  readonly nullable: boolean;
  /** Columns of the extract that are kept in it together; one for all but collections. */
  readonly elements: readonly string[];
}

export interface ProjectedTable {
  readonly table: string;
  readonly columns: readonly ProjectedColumn[];
}

/**
 * How a class with these fields looks through SQL: `%Library` types, and repeating columns (at least two that differ in
 * their last number only) as one collection when they are stored so.
 */
export function project(
  table: string,
  names: readonly string[],
  fields: readonly CatalogField[],
  collected: boolean,
): ProjectedTable {
  const byName = new Map(fields.map((field) => [field.field, field]));
  const groups = collected ? repeating(names) : new Map<string, string[]>();
  const columns: ProjectedColumn[] = [];
  const done = new Set<string>();
  for (const name of names) {
    if (done.has(name)) continue;
    const group = [...groups].find(([, members]) => members.includes(name));
    const elements = group?.[1] ?? [name];
    for (const element of elements) done.add(element);
    const field = byName.get(name);
    columns.push({
      name: group?.[0] ?? name,
      type: group === undefined ? libraryType(field) : '%Library.List',
      maxLength: field?.length ?? null,
      nullable: field?.mandatory !== true,
      elements,
    });
  }
  return { table, columns };
}

/** `FSN` → `FSN1, FSN2, FSN3`; only plain names, whose stem is no column itself. */
function repeating(names: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const [, stem = '', number = ''] = /^(.*[A-Za-z_])([1-9])$/.exec(name) ?? [];
    if (stem === '' || names.includes(stem)) continue;
    const group = groups.get(stem) ?? [];
    if (Number(number) === group.length + 1) groups.set(stem, [...group, name]);
  }
  return new Map([...groups].filter(([, members]) => members.length > 1));
}

function libraryType(field: CatalogField | undefined): string {
  switch (field?.format) {
    case 'HOROLOG':
      return '%Library.Date';
    case 'HOROLOG_SECONDS':
      return '%Library.Time';
    default:
  }
  switch (field?.dataType) {
    case 'INTEGER':
      return '%Library.Integer';
    case 'DECIMAL':
      return '%Library.Numeric';
    case 'BOOLEAN':
      return '%Library.Boolean';
    default:
      return '%Library.String';
  }
}
