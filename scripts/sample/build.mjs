// Writes the sample project from the definitions beside this file: requirement specs (XLSX, CSV, Markdown), crosswalks,
// code sets made from them, and the reviewed mapping contract. Run: node scripts/sample/build.mjs
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as XLSX from '@e965/xlsx';
import { CROSSWALKS, SAME_CROSSWALK } from './crosswalks.mjs';
import { HOUSEKEEPING, SOURCE } from './source.mjs';
import { NOT_MIGRATED, TAIL, TARGET } from './target.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const split = (line) => line.split(/(?<!\|)\|(?!\|)/).map((cell) => cell.trim());
const lines = (text) => text.split('\n').filter((line) => line.trim() !== '');
const fail = (message) => {
  throw new Error(message);
};

// ---------- definitions ----------
const crosswalkOf = new Map(
  Object.entries(SAME_CROSSWALK).flatMap(([name, others]) => others.split(' ').map((other) => [other, name])),
);
const SOURCE_TYPES = {
  H: ['%Date', '', '$H date'],
  HS: ['%String', '12', '$H date,seconds'],
  S: ['%Integer', '5', 'Seconds since midnight'],
  D8: ['%String', '8', 'YYYYMMDD'],
  D12: ['%String', '12', 'YYYYMMDDHHMM'],
  DMY: ['%String', '10', 'DD/MM/YYYY'],
};

function sourceField(line) {
  const [name, description, type, flags = ''] = split(line);
  const words = flags.split(/\s+/);
  const [declared, length, format] =
    SOURCE_TYPES[type] ?? (type.startsWith('C') ? ['%String', type.slice(1), ''] : ['%Integer', type.slice(1), '']);
  const list = words.find((word) => word.startsWith('@'))?.slice(1) ?? '';
  return {
    name,
    description,
    declared,
    length,
    format,
    mandatory: words.includes('M'),
    key: words.includes('K'),
    link: words.find((word) => word.startsWith('>'))?.slice(1) ?? '',
    list: crosswalkOf.get(list) ?? list,
  };
}

const sourceTables = [];
for (const line of lines(SOURCE)) {
  if (line.startsWith('# ')) {
    const [name, title, note] = split(line.slice(2));
    sourceTables.push({ name, title, note, fields: [] });
  } else sourceTables.at(-1).fields.push(sourceField(line));
}
for (const table of sourceTables) table.fields.push(...lines(HOUSEKEEPING).map(sourceField));
const sourceOf = new Map(
  sourceTables.map((table) => [table.name, new Map(table.fields.map((field) => [field.name, field]))]),
);

const crosswalks = [];
for (const line of lines(CROSSWALKS)) {
  if (line.startsWith('# ')) {
    const [name, target, policy, safety, owner] = split(line.slice(2));
    crosswalks.push({
      name,
      local: target.startsWith('='),
      set: target.replace('=', ''),
      policy,
      safety,
      owner,
      codes: [],
    });
  } else {
    for (const entry of line.split('; ')) {
      const [, local, target, description = ''] =
        /^(\S+?)>(\S+)\s*(.*)$/.exec(entry.trim()) ?? fail(`Bad crosswalk entry ${entry}`);
      crosswalks.at(-1).codes.push({ local, target, description });
    }
  }
}

function targetField(line) {
  const [name, description, type, flags, mapping] = split(line);
  const words = flags.split(/\s+/);
  const [, letter, size = ''] = /^(V|N|I|DT|D|T)([\d.]*)$/.exec(type) ?? fail(`Bad type in ${line}`);
  const declared = {
    V: `VARCHAR(${size})`,
    N: `DECIMAL(${size.replace('.', ',')})`,
    I: 'INTEGER',
    D: 'DATE',
    DT: 'DATETIME',
    T: 'TIME',
  }[letter];
  const pick = (prefix) => words.find((word) => word.startsWith(prefix))?.slice(prefix.length) ?? '';
  return {
    name,
    description,
    declared,
    mandatory: words.includes('M'),
    key: words.includes('K'),
    link: pick('>'),
    list: pick('@'),
    impute: pick('?'),
    mapping,
  };
}

const targetTables = [];
for (const line of lines(TARGET)) {
  if (line.startsWith('# ')) {
    const [name, title, driving, joins = '', filter = ''] = split(line.slice(2));
    targetTables.push({ name, title, rowSets: [{ name: 'main', driving, joins, filter }], fields: [] });
  } else if (line.startsWith('+ ')) {
    const [name, driving, joins = '', filter = ''] = split(line.slice(2));
    targetTables.at(-1).rowSets.push({ name, driving, joins, filter });
  } else targetTables.at(-1).fields.push(targetField(line));
}
for (const table of targetTables) table.fields.push(...lines(TAIL).map(targetField));
const targetOf = new Map(targetTables.map((table) => [table.name, table]));

// ---------- the mapping contract ----------
const OWNERS = [
  [/RTT|REFERRAL|APPOINTMENT|CLINIC/, 'RTT Lead'],
  [/WAITING|OFFER/, 'Waiting List Lead'],
  [/MHA|CTO|ALERT/, 'Clinical Safety Officer'],
  [/PATIENT|ADDRESS|NAME|CONTACT|KIN|GP/, 'Data Quality Lead'],
];
const ownerOf = (table) => OWNERS.find(([pattern]) => pattern.test(table))?.[1] ?? 'Mapping Analyst';

function column(text, driving) {
  const [table, name] = text.includes('.') ? text.split('.') : [driving, text];
  return sourceOf.get(table)?.has(name) === true
    ? { table, name, field: sourceOf.get(table).get(name) }
    : fail(`Unknown source column ${text} (${driving})`);
}

function mapped(mapping, rowSet) {
  const row = { mappingClass: '', source: '', field: '', rule: '', crosswalk: '', standard: '', notes: '' };
  if (mapping.startsWith('=') || mapping.startsWith('~')) {
    const found = column(mapping.slice(1), rowSet.driving);
    const lookup = mapping.startsWith('~');
    if (lookup && !crosswalks.some((crosswalk) => crosswalk.name === found.field.list))
      fail(`No crosswalk for ${mapping} of ${rowSet.driving}`);
    return {
      ...row,
      mappingClass: lookup ? 'lookup' : 'direct',
      source: found.table,
      field: found.name,
      crosswalk: lookup ? found.field.list : '',
    };
  }
  if (mapping.startsWith('{'))
    return { ...row, mappingClass: 'derived', source: rowSet.driving, rule: mapping.slice(1, -1) };
  if (mapping.startsWith('#'))
    return { ...row, mappingClass: 'surrogate', source: rowSet.driving, rule: mapping.slice(1) };
  if (mapping.startsWith("'")) return { ...row, mappingClass: 'constant', standard: mapping.slice(1, -1) };
  if (mapping === 'ref') return { ...row, mappingClass: 'reference_feed', notes: 'Filled by the new system.' };
  if (mapping.startsWith('out:')) return { ...row, mappingClass: 'out_of_scope', notes: mapping.slice(4).trim() };
  return fail(`Unknown mapping ${mapping}`);
}

const contractRows = [];
const tableRows = [];
const order = new Map();
function rank(name, seen = []) {
  if (order.has(name)) return order.get(name);
  const parents = targetOf
    .get(name)
    .fields.map((field) => field.link.split('.')[0])
    .filter((parent) => parent !== '' && parent !== name && !seen.includes(parent));
  const level = 1 + Math.max(0, ...parents.map((parent) => rank(parent, [...seen, name])));
  order.set(name, level);
  return level;
}
for (const table of targetTables) {
  const several = table.rowSets.length > 1;
  for (const field of table.fields) {
    const [first, ...others] = field.mapping.split(';;').map((part) => part.trim());
    const special = new Map(others.map((part) => part.split(/:\s(.*)/s).slice(0, 2)));
    const parts =
      special.size === 0
        ? [['', first, table.rowSets[0]]]
        : table.rowSets.map((rowSet) => [rowSet.name, special.get(rowSet.name) ?? first, rowSet]);
    for (const [rowSetName, mapping, rowSet] of parts) {
      const row = mapped(mapping, rowSet);
      const confidence = row.mappingClass === 'derived' ? '0.90' : '1.00';
      contractRows.push([
        table.name,
        field.name,
        field.declared,
        field.mandatory ? 'Y' : 'N',
        row.mappingClass,
        row.source,
        row.field,
        row.rule,
        row.crosswalk,
        row.standard || field.impute,
        confidence,
        'APPROVED',
        ownerOf(table.name),
        row.notes,
        several ? rowSetName : '',
      ]);
    }
  }
  for (const rowSet of table.rowSets) {
    const grain = table.fields
      .filter((field) => field.key)
      .map((field) => field.name)
      .join(',');
    const notes = rowSet.filter.includes('PATMRG.OLD_NO IS NULL')
      ? 'Merged-away patients are not loaded; their number stays in LOAD_PATIENT_IDENTIFIER and their records move to the survivor.'
      : '';
    tableRows.push([
      table.name,
      rowSet.name,
      rowSet.driving,
      rowSet.joins,
      rowSet.filter,
      grain,
      '',
      rank(table.name),
      'APPROVED',
      notes,
    ]);
  }
}
for (const [name, reason] of Object.entries(NOT_MIGRATED))
  tableRows.push(['', 'out_of_scope', name, '', '', '', '', 0, 'APPROVED', reason]);

// ---------- checks ----------
for (const table of sourceTables) {
  for (const field of table.fields) {
    if (field.list !== '' && !crosswalks.some((crosswalk) => crosswalk.name === field.list))
      fail(`${table.name}.${field.name}: no crosswalk ${field.list}`);
    if (field.link !== '' && sourceOf.get(field.link.split('.')[0])?.has(field.link.split('.')[1]) !== true)
      fail(`${table.name}.${field.name}: bad link ${field.link}`);
  }
}
const national = new Set(
  readdirSync(`${root}schemas/code_sets`)
    .filter((name) => !name.startsWith('_'))
    .map((name) => name.replace('.csv', '')),
);
const localSets = new Map();
for (const crosswalk of crosswalks.filter((candidate) => candidate.local)) {
  const codes = localSets.get(crosswalk.set) ?? new Map();
  for (const { target, description } of crosswalk.codes)
    if (!codes.has(target)) codes.set(target, description.replace(/ \(older screens\)/, ''));
  localSets.set(crosswalk.set, codes);
}
localSets.set('appointment_mode', localSets.get('appointment_mode'));
const codesOf = (set) => {
  if (localSets.has(set)) return localSets.get(set);
  if (!national.has(set)) fail(`No code set ${set}`);
  const rows = readFileSync(`${root}schemas/code_sets/${set}.csv`, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
  return new Map(
    rows.map((line) => [line.split(',')[0], line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/)[1]?.replaceAll('"', '') ?? '']),
  );
};
for (const crosswalk of crosswalks) {
  const codes = codesOf(crosswalk.set);
  for (const code of crosswalk.codes) {
    if (!codes.has(code.target)) fail(`Crosswalk ${crosswalk.name}: ${code.target} is not in ${crosswalk.set}`);
    if (code.description === '') code.description = codes.get(code.target);
  }
}
for (const table of targetTables) {
  for (const field of table.fields) {
    if (field.list !== '') {
      const longest = Math.max(...[...codesOf(field.list).keys()].map((code) => code.length));
      const [, length] = /\((\d+)\)/.exec(field.declared) ?? [];
      const used = crosswalks
        .filter((crosswalk) => crosswalk.set === field.list)
        .flatMap((crosswalk) => crosswalk.codes.map((code) => code.target.length));
      if (Number(length) < Math.max(0, ...used))
        fail(`${table.name}.${field.name}: codes of ${field.list} are up to ${longest} long`);
    }
    if (
      field.link !== '' &&
      !targetOf.get(field.link.split('.')[0])?.fields.some((parent) => parent.name === field.link.split('.')[1])
    )
      fail(`${table.name}.${field.name}: bad link ${field.link}`);
  }
}

// ---------- files ----------
const cell = (value) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
const csv = (rows) => `${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`;
const write = (path, text) => {
  mkdirSync(`${root}${path}`.replace(/\/[^/]*$/, ''), { recursive: true });
  writeFileSync(`${root}${path}`, text);
};

for (const crosswalk of crosswalks) {
  const rows = crosswalk.codes.map((code) => [
    code.local,
    code.target,
    code.description,
    crosswalk.safety,
    '',
    '',
    'APPROVED',
  ]);
  write(
    `schemas/crosswalks/${crosswalk.name}.csv`,
    csv([
      ['source_code', 'target_code', 'description', 'safety_critical', 'valid_from', 'valid_to', 'status'],
      ...rows,
    ]),
  );
}
write(
  'schemas/crosswalk_index.csv',
  csv([
    [
      'crosswalk',
      'title',
      'source_system',
      'site',
      'country',
      'code_set',
      'code_set_version',
      'row_policy',
      'safety_critical',
      'owner',
      'approved_by',
      'notes',
    ],
    ...crosswalks.map((crosswalk) => [
      crosswalk.name,
      crosswalk.name.replaceAll('_', ' '),
      'LEGACYPAS',
      'all',
      'England',
      crosswalk.set,
      crosswalk.local ? 'sample 1' : 'as listed',
      crosswalk.policy,
      crosswalk.safety,
      crosswalk.owner,
      crosswalk.safety === 'Y' ? 'Clinical Safety Officer' : crosswalk.owner,
      '',
    ]),
  ]),
);
for (const [set, codes] of localSets) {
  write(
    `schemas/code_sets/${set}.csv`,
    csv([
      ['code', 'description', 'valid_from', 'valid_to', 'kind', 'note'],
      ...[...codes].map(([code, description]) => [
        code,
        description,
        '',
        '',
        'local',
        'Written for the sample project',
      ]),
    ]),
  );
}
write(
  'reports/mapping_contract.csv',
  csv([
    [
      'target_table',
      'target_field',
      'data_type',
      'mandatory',
      'mapping_class',
      'source_table',
      'source_field',
      'rule',
      'crosswalk',
      'default_value',
      'confidence',
      'status',
      'owner',
      'notes',
      'row_set',
    ],
    ...contractRows,
  ]),
);
write(
  'reports/mapping_contract_tables.csv',
  csv([
    ['target_table', 'row_set', 'driving_table', 'joins', 'filter', 'grain', 'dedupe', 'load_order', 'status', 'notes'],
    ...tableRows,
  ]),
);

// Target spec: administrative tables as one CSV, clinical tables as Markdown.
const clinical = targetTables.findIndex((table) => table.name === 'LOAD_REFERRAL');
write(
  'requirement_spec/target/load_format_patient_and_reference.csv',
  csv([
    [
      'Load Table',
      'Table Title',
      'Data Element',
      'Element Description',
      'Data Type',
      'Required',
      'Unique Key',
      'References',
      'Code List',
    ],
    ...targetTables
      .slice(0, clinical)
      .flatMap((table) =>
        table.fields.map((field) => [
          table.name,
          table.title,
          field.name,
          field.description,
          field.declared,
          field.mandatory ? 'Required' : 'Optional',
          field.key ? 'Yes' : '',
          field.link,
          field.list,
        ]),
      ),
  ]),
);
const markdown = [
  '# Load format: referrals, waiting lists, inpatients, mental health',
  '',
  'One table a load file. Codes are national codes unless the code list says otherwise.',
  '',
];
for (const table of targetTables.slice(clinical)) {
  markdown.push(
    `## ${table.name}`,
    '',
    `${table.title}.`,
    '',
    '| Column | Type | Nullable | PK | Foreign key | Code set | Description |',
    '|---|---|---|---|---|---|---|',
  );
  for (const field of table.fields)
    markdown.push(
      `| ${field.name} | ${field.declared} | ${field.mandatory ? 'No' : 'Yes'} | ${field.key ? 'PK' : ''} | ${field.link} | ${field.list} | ${field.description} |`,
    );
  markdown.push('');
}
write('requirement_spec/target/load_format_clinical.md', markdown.join('\n'));

// Source spec: a workbook with a cover, an index, a sheet for each main table and one for the reference tables.
const workbook = XLSX.utils.book_new();
const sheet = (name, rows) => {
  const made = XLSX.utils.aoa_to_sheet(rows);
  made['!cols'] = [
    { wch: 14 },
    { wch: 46 },
    { wch: 12 },
    { wch: 8 },
    { wch: 10 },
    { wch: 6 },
    { wch: 20 },
    { wch: 22 },
    { wch: 24 },
  ];
  XLSX.utils.book_append_sheet(workbook, made, name);
};
const REFERENCE = new Set([
  'CONSMAST',
  'GPMAST',
  'GPPRAC',
  'SITEMAST',
  'WARDMAST',
  'SPECMAST',
  'REASONCD',
  'SYSUSER',
  'PRTQUEUE',
]);
const fieldCells = (field) => [
  field.name,
  field.description,
  field.declared,
  field.length,
  field.mandatory ? 'Y' : 'N',
  field.key ? 'PK' : '',
  field.link,
  field.list,
  field.format,
];
const HEADER = [
  'Field Name',
  'Description',
  'Data Type',
  'Length',
  'Mandatory',
  'Key',
  'Links to',
  'Code table',
  'Format / notes',
];
sheet('Read me', [
  ['Legacy PAS data dictionary'],
  [''],
  ['Written for the sample project of the PAS Migration Control Plane. No real hospital or product is described.'],
  ['Dates are kept as the Format column says: $H is days since 31 December 1840.'],
]);
sheet('Table index', [
  ['Table index'],
  [''],
  ['Table', 'Title', 'Fields', 'Remarks'],
  ...sourceTables.map((table) => [table.name, table.title, table.fields.length, table.note]),
]);
for (const table of sourceTables.filter((candidate) => !REFERENCE.has(candidate.name))) {
  sheet(table.name, [[`${table.name}: ${table.title}`], [table.note], [], HEADER, ...table.fields.map(fieldCells)]);
}
sheet('Reference tables', [
  ['Reference tables: several tables on one sheet'],
  [],
  ['Table Name', 'Table Title', ...HEADER],
  ...sourceTables
    .filter((table) => REFERENCE.has(table.name))
    .flatMap((table) => table.fields.map((field) => [table.name, table.title, ...fieldCells(field)])),
]);
workbook.Props = { Title: 'Legacy PAS data dictionary', CreatedDate: new Date(Date.UTC(2026, 0, 1)) };
mkdirSync(`${root}requirement_spec/source`, { recursive: true });
writeFileSync(
  `${root}requirement_spec/source/legacy_pas_data_dictionary.xlsx`,
  XLSX.write(workbook, { type: 'buffer', bookType: 'xlsx', compression: true }),
);

const count = (tables) => tables.reduce((sum, table) => sum + table.fields.length, 0);
console.log(
  `source ${sourceTables.length} tables ${count(sourceTables)} fields; target ${targetTables.length} tables ${count(targetTables)} fields; ${crosswalks.length} crosswalks; ${contractRows.length} contract rows`,
);
