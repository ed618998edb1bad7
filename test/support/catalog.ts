import { Catalog, type CatalogField } from '../../src/core/catalog/catalog.ts';

/** A catalog of `FIELD TYPE key ->TABLE.FIELD =CODES | description` lines under the names of their tables. */
export function smallCatalog(side: 'source' | 'target', text: string): Catalog {
  const fields: CatalogField[] = [];
  let table = '';
  for (const line of text
    .trim()
    .split('\n')
    .map((raw) => raw.trim())) {
    const [left = '', description = ''] = line.split(' | ');
    const [name = '', type, ...marks] = left.split(' ');
    if (type === undefined) {
      table = name;
      continue;
    }
    const link = marks
      .find((mark) => mark.startsWith('->'))
      ?.slice(2)
      .split('.');
    fields.push({
      table,
      field: name,
      ordinal: fields.length + 1,
      dataType: type as CatalogField['dataType'],
      length: null,
      precision: null,
      scale: null,
      mandatory: false,
      primaryKey: marks.includes('key'),
      foreignKey: link === undefined ? null : { table: link[0] ?? '', field: link[1] ?? '' },
      codeSet: marks.find((mark) => mark.startsWith('='))?.slice(1) ?? '',
      description,
      specFile: 'd',
      specLocation: '',
      parseConfidence: 1,
      declaredType: type,
      format: '',
      family: '',
      concept: '',
    });
  }
  return new Catalog(side, fields);
}
