import type { CatalogField } from '../catalog/catalog.ts';
import { call, type Expression, text } from './expression.ts';

/** A source column as its declared format reads. */
export function converted(value: Expression, source: CatalogField): Expression {
  switch (source.format) {
    case 'HOROLOG':
      return call('horolog_date', value);
    case 'HOROLOG_STAMP':
      return call('horolog_stamp', value);
    case 'HOROLOG_SECONDS':
      return call('horolog_time', value);
    case 'YYYYMMDD':
    case 'DD/MM/YYYY':
    case 'DDMMYYYY':
      return call('text_date', value, text(source.format));
    case 'YYYYMMDDHHMM':
    case 'YYYYMMDDHHMMSS':
      return call('text_datetime', value, text(source.format));
    case 'HHMM':
      return call('text_time', value, text(source.format));
    default:
      return value;
  }
}
