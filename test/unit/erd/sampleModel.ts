import { Catalog, type CatalogField } from '../../../src/core/catalog/catalog.ts';
import { relationshipsOf } from '../../../src/core/catalog/relationships.ts';
import { buildErdModel, type ErdModel } from '../../../src/core/erd/model.ts';
import { relationshipRows } from '../../../src/core/erd/readRelationships.ts';

/** The graph of a catalog with the keys and links that are found in it. */
export function modelOf(catalog: Catalog): ErdModel {
  return buildErdModel(catalog.tables.values(), relationshipRows(catalog.side, relationshipsOf(catalog)));
}

/**
 * A schema as wide as a region's: tables in ten domains, each of `columns` columns, each linked to one to three tables
 * before it, a third of these links undeclared.
 */
export function largeModel(tables: number, columns = 30): ErdModel {
  const domains = ['PMI', 'ADT', 'OPD', 'RTT', 'WL', 'REF', 'AE', 'THEATRE', 'CLIN', 'FIN'];
  const name = (index: number): string => `${domains[index % domains.length]}_TABLE_${String(index).padStart(4, '0')}`;
  const fields: CatalogField[] = [];
  const add = (table: number, field: string, more: Partial<CatalogField>): void => {
    fields.push({
      table: name(table),
      field,
      ordinal: fields.length + 1,
      dataType: 'VARCHAR',
      length: 20,
      precision: null,
      scale: null,
      mandatory: false,
      primaryKey: false,
      foreignKey: null,
      codeSet: '',
      description: '',
      specFile: 'd',
      specLocation: '',
      parseConfidence: 1,
      declaredType: '',
      format: '',
      family: domains[table % domains.length] ?? '',
      concept: '',
      ...more,
    });
  };
  let random = 7;
  const pick = (below: number): number => {
    random = (random * 1103515245 + 12345) % 2147483648;
    return Math.floor((random / 2147483648) * below);
  };
  for (let table = 0; table < tables; table += 1) {
    add(table, `TABLE_${String(table).padStart(4, '0')}_ID`, { primaryKey: true, mandatory: true });
    const parents = new Set<number>();
    // Most links lead to few hubs, as patients, sites and code tables are.
    if (table > 0)
      for (let link = 0; link <= pick(3); link += 1) parents.add(pick(5) < 3 ? pick(Math.min(table, 12)) : pick(table));
    for (const parent of parents) {
      const key = `TABLE_${String(parent).padStart(4, '0')}_ID`;
      const declared = pick(3) > 0;
      add(table, key, { foreignKey: declared ? { table: name(parent), field: key } : null, mandatory: pick(2) > 0 });
    }
    for (let column = parents.size + 1; column < columns; column += 1)
      add(table, `COLUMN_${column}`, {
        dataType: column % 3 === 0 ? 'DATE' : 'VARCHAR',
        length: column % 3 === 0 ? null : 20,
      });
  }
  return modelOf(new Catalog('source', fields));
}

/** Names that try to be more than names. */
export const HOSTILE_NAMES: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '%%{init: {"securityLevel":"loose","theme":"dark"}}%%',
  'a"]; click a href "javascript:alert(1)"',
  'line\nbreak } A ||--o{ B : x',
  'right\u202Eto left\u200F',
  '---\ntitle: front\n---',
  '#quot;#lt;b#gt;',
  '&lt;script&gt;',
  '</text><script>alert(1)</script>',
  '`back` $$x^2$$ **bold** _it_',
  'style X fill:#f00;',
  '\\u0041\\" \\',
  'ﬂ°°34¶ß',
  'end',
  'PK',
  'one or more',
  '',
  ' ',
  '9 lives',
  'Ünïcode täble 表 😀',
  '__proto__',
  'constructor',
  '\ud800 half',
  `long ${'x'.repeat(300)}`,
];
