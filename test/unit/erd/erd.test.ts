import assert from 'node:assert/strict';
import mermaid from 'mermaid';
import { RELATIONSHIP_COLUMNS } from '../../../src/core/catalog/relationships.ts';
import { mermaidOf, toMermaid } from '../../../src/core/erd/mermaidText.ts';
import { buildErdModel, domainsOf, type ErdLink } from '../../../src/core/erd/model.ts';
import { readRelationshipsText } from '../../../src/core/erd/readRelationships.ts';
import { searchTables } from '../../../src/core/erd/search.ts';
import {
  type ErdSettings,
  type ErdView,
  FIRST_SETTINGS,
  FIRST_TABLES,
  neighbourhood,
  viewOf,
} from '../../../src/core/erd/view.ts';
import { visibleText } from '../../../src/core/erd/visibleText.ts';
import { smallCatalog } from '../../support/catalog.ts';
import { HOSTILE_NAMES, largeModel, modelOf } from './sampleModel.ts';

const SCHEMA = `
  PATIENT
    PATIENT_ID INTEGER key
    NHS_NUMBER VARCHAR
    GP_ID INTEGER ->GP.GP_ID
  GP
    GP_ID INTEGER key
    GP_NAME VARCHAR
  EPISODE
    EPISODE_ID INTEGER key
    PATIENT_ID INTEGER ->PATIENT.PATIENT_ID
  WARD_STAY
    STAY_ID INTEGER key
    EPISODE_ID INTEGER
    WARD_NAME VARCHAR
  PATIENT_EXTRA
    PATIENT_ID INTEGER key ->PATIENT.PATIENT_ID
  ALONE
    TEXT VARCHAR`;
const model = modelOf(smallCatalog('source', SCHEMA));
const settings = (more: Partial<ErdSettings>): ErdSettings => ({ ...FIRST_SETTINGS, ...more });
const namesOf = (view: ErdView): string[] => view.tables.map(({ name }) => name);

describe('ERD model', () => {
  it('knows keys and links with origin, score and how many rows may stand at each end', () => {
    const links = model.links.map((link) => `${link.from}.${link.fromField} ${link.to} ${link.origin} ${link.unique}`);
    assert.deepEqual(links, [
      'PATIENT.GP_ID GP declared false',
      'EPISODE.PATIENT_ID PATIENT declared false',
      'WARD_STAY.EPISODE_ID EPISODE inferred false',
      'PATIENT_EXTRA.PATIENT_ID PATIENT declared true',
    ]);
    const inferred = model.links.find(({ origin }) => origin === 'inferred');
    assert.ok(inferred !== undefined && inferred.score >= 0.5 && inferred.score < 1);
    const stay = model.tables.find(({ name }) => name === 'WARD_STAY');
    assert.deepEqual(
      stay?.columns.map(({ key, link }) => [key, link]),
      [
        ['declared', null],
        [null, 'inferred'],
        [null, null],
      ],
    );
    assert.equal(model.tables.find(({ name }) => name === 'PATIENT')?.degree, 3);
  });

  it('is read from the relationships file, and lines about what is not in the catalog are left out', () => {
    const catalog = smallCatalog('source', SCHEMA);
    const text = [
      RELATIONSHIP_COLUMNS.join(','),
      'source,key,GP,GP_ID,,,declared,1,said',
      'source,link,PATIENT,GP_ID,GP,GP_ID,inferred,0.85,"named, so"',
      'source,link,PATIENT,GP_ID,GONE,GP_ID,declared,1,',
      'source,link,PATIENT,GONE,GP,GP_ID,declared,1,',
      'neither,link,PATIENT,GP_ID,GP,GP_ID,declared,1,',
    ].join('\n');
    const { value, problems } = readRelationshipsText(text, 'r.csv');
    assert.deepEqual(problems, []);
    assert.equal(value.length, 4);
    const { links } = buildErdModel(catalog.tables.values(), value);
    assert.deepEqual(
      links.map(({ from, to, score, reason }) => [from, to, score, reason]),
      [['PATIENT', 'GP', 0.85, 'named, so']],
    );
    assert.equal(readRelationshipsText('a,b\n1,2\n', 'r.csv').problems[0]?.severity, 'error');
  });

  it('has the domains of the other panels; a family of none stands for itself', () => {
    const counted = Object.fromEntries(domainsOf(largeModel(10)).map(({ name, tables }) => [name, tables]));
    // RTT and REF are of OPD; what is known to no other panel stays as the catalog has it.
    assert.deepEqual(counted, { ADT: 1, AE: 1, CLIN: 1, FIN: 1, OPD: 3, PMI: 1, THEATRE: 1, WL: 1 });
  });

  it('counts tables by domain, those without one last', () => {
    const tables = ['', 'REF', 'PMI', ''].map((domain) => ({ name: domain, domain, columns: [], degree: 0 }));
    assert.deepEqual(domainsOf({ tables, links: [] }), [
      { name: 'PMI', tables: 1 },
      { name: 'REF', tables: 1 },
      { name: '', tables: 2 },
    ]);
  });
});

describe('ERD view', () => {
  it('shows neighbours by hops, in either direction', () => {
    assert.deepEqual([...neighbourhood(model, ['GP'], 0)], ['GP']);
    assert.deepEqual([...neighbourhood(model, ['GP'], 1)], ['GP', 'PATIENT']);
    assert.deepEqual([...neighbourhood(model, ['GP'], 2)].sort(), ['EPISODE', 'GP', 'PATIENT', 'PATIENT_EXTRA']);
    assert.deepEqual([...neighbourhood(model, ['GONE'], 2)], []);
    assert.deepEqual(namesOf(viewOf(model, settings({ roots: ['GP'], hops: 3 }))), [
      'PATIENT',
      'GP',
      'EPISODE',
      'WARD_STAY',
      'PATIENT_EXTRA',
    ]);
  });

  it('says how many neighbours a table has outside', () => {
    const view = viewOf(model, settings({ roots: ['PATIENT', 'GP'] }));
    assert.deepEqual(
      view.tables.map(({ name, chosen, moreNeighbours }) => [name, chosen, moreNeighbours]),
      [
        ['PATIENT', true, 2],
        ['GP', true, 0],
      ],
    );
  });

  it('walks only the links that are shown', () => {
    const links = { declared: true, inferred: false, minScore: 0.5 };
    assert.ok(!namesOf(viewOf(model, settings({ roots: ['EPISODE'], hops: 1, links }))).includes('WARD_STAY'));
    const strict = { declared: true, inferred: true, minScore: 0.99 };
    assert.equal(viewOf(model, settings({ links: strict })).links.length, 3);
    assert.equal(viewOf(model, settings({ links: { declared: false, inferred: true, minScore: 0 } })).links.length, 1);
  });

  it('shows names, keys and links, or all columns', () => {
    const columns = (density: ErdSettings['density']): (string[] | number | undefined)[] => {
      const table = viewOf(model, settings({ density })).tables.find(({ name }) => name === 'WARD_STAY');
      return [table?.columns.map(({ name }) => name), table?.moreColumns];
    };
    assert.deepEqual(columns('names'), [[], 3]);
    assert.deepEqual(columns('keys'), [['STAY_ID', 'EPISODE_ID'], 1]);
    assert.deepEqual(columns('all'), [['STAY_ID', 'EPISODE_ID', 'WARD_NAME'], 0]);
  });

  it('filters domains before it walks and tells which chosen tables that hides', () => {
    const large = largeModel(50);
    const view = viewOf(large, settings({ roots: ['PMI_TABLE_0000', 'ADT_TABLE_0001'], hops: 4, domains: ['PMI'] }));
    assert.ok(view.tables.length > 0 && view.tables.every(({ domain }) => domain === 'PMI'));
    assert.deepEqual(view.missing, ['ADT_TABLE_0001']);
    assert.deepEqual(viewOf(large, settings({ domains: [] })).tables, []);
  });

  it('starts a large schema with the most connected tables and shows a small one whole', () => {
    const large = viewOf(largeModel(300), FIRST_SETTINGS);
    assert.equal(large.tables.length, FIRST_TABLES);
    assert.ok(large.links.length >= FIRST_TABLES - 1, `${large.links.length} links`);
    assert.equal(viewOf(model, FIRST_SETTINGS).tables.length, 6);
  });
});

describe('ERD search', () => {
  it('ranks names before columns and wants every word', () => {
    const found = (text: string): string[] => searchTables(model, text).map(({ table }) => table);
    assert.deepEqual(found('patient').slice(0, 2), ['PATIENT', 'PATIENT_EXTRA']);
    assert.deepEqual(found('PATIENT extra'), ['PATIENT_EXTRA']);
    assert.deepEqual(searchTables(model, 'ward_name'), [{ table: 'WARD_STAY', columns: ['WARD_NAME'] }]);
    assert.deepEqual(found('nhs'), ['PATIENT']);
    assert.deepEqual(found('nothing'), []);
    assert.equal(found('')[0], 'PATIENT');
  });

  it('takes less than 50 ms in 1,000 tables', () => {
    const large = largeModel(1000);
    const texts = ['', 'a', 'table', 'column_2', 'table column', 'pmi 09', 'zzz'];
    for (const text of texts) searchTables(large, text);
    const slowest = Math.max(
      ...texts.map((text) => {
        const started = performance.now();
        searchTables(large, text);
        return performance.now() - started;
      }),
    );
    assert.ok(slowest < 50, `${slowest} ms`);
  });
});

describe('ERD as mermaid text', () => {
  /** What mermaid's own parser makes of a text. */
  async function parsed(
    text: string,
  ): Promise<{ entities: Map<string, Entity>; links: readonly Role[]; config: object }> {
    const { config } = await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const er = db as unknown as { getEntities(): Map<string, Entity>; getRelationships(): Role[] };
    return { entities: er.getEntities(), links: er.getRelationships(), config };
  }
  interface Entity {
    readonly label: string;
    readonly alias: string;
    readonly attributes: readonly {
      readonly name: string;
      readonly comment?: string;
      readonly keys: readonly string[];
    }[];
  }
  interface Role {
    readonly roleA: string;
    readonly relSpec: { readonly cardA: string; readonly cardB: string; readonly relType: string };
  }
  /** Mermaid keeps character codes in this form until it draws. */
  const decoded = (text: string): string =>
    text.replace(/ﬂ°°(\d+)¶ß/g, (_, code: string) => String.fromCodePoint(Number(code)));

  it('is the same every time', () => {
    const view = viewOf(model, settings({ density: 'all' }));
    assert.equal(toMermaid(view), toMermaid(viewOf(structuredClone(model), settings({ density: 'all' }))));
    assert.match(toMermaid(view), /^erDiagram\n {2}PATIENT \{\n {4}INTEGER PATIENT_ID PK\n {4}VARCHAR NHS_NUMBER\n/);
  });

  it('is what mermaid reads: tables, columns, keys, links', async () => {
    const { entities, links } = await parsed(toMermaid(viewOf(model, settings({ density: 'all' }))));
    assert.deepEqual(
      [...entities.keys()],
      model.tables.map(({ name }) => name),
    );
    assert.deepEqual(
      entities.get('PATIENT')?.attributes.map(({ name, keys }) => [name, keys]),
      [
        ['PATIENT_ID', ['PK']],
        ['NHS_NUMBER', []],
        ['GP_ID', ['FK']],
      ],
    );
    assert.deepEqual(
      links.map(({ roleA, relSpec }) => [roleA, relSpec.cardA, relSpec.cardB, relSpec.relType]),
      [
        ['GP_ID', 'ZERO_OR_MORE', 'ZERO_OR_ONE', 'IDENTIFYING'],
        ['PATIENT_ID', 'ZERO_OR_MORE', 'ZERO_OR_ONE', 'IDENTIFYING'],
        ['EPISODE_ID (0.90)', 'ZERO_OR_MORE', 'ZERO_OR_ONE', 'NON_IDENTIFYING'],
        ['PATIENT_ID', 'ZERO_OR_ONE', 'ZERO_OR_ONE', 'IDENTIFYING'],
      ],
    );
  });

  it('keeps hostile names as text', async () => {
    const tables = HOSTILE_NAMES.map((name) => ({
      name,
      domain: '',
      columns: HOSTILE_NAMES.map((column) => ({
        name: column,
        type: 'DECIMAL(10,2)',
        mandatory: false,
        key: 'declared' as const,
        link: null,
      })),
      moreColumns: 0,
      chosen: false,
      moreNeighbours: 0,
    }));
    const links = HOSTILE_NAMES.map(
      (name, index): ErdLink => ({
        from: name,
        fromField: name,
        to: HOSTILE_NAMES[HOSTILE_NAMES.length - 1 - index] ?? '',
        toField: name,
        origin: 'inferred',
        score: 0.7,
        reason: '',
        mandatory: true,
        unique: false,
      }),
    );
    const { text, ids } = mermaidOf({ tables, links, density: 'all', missing: [] });
    const read = await parsed(text);
    assert.deepEqual(read.config, {}, 'no directive was obeyed');
    assert.equal(read.links.length, HOSTILE_NAMES.length);
    assert.equal(read.entities.size, HOSTILE_NAMES.length);
    for (const [index, name] of HOSTILE_NAMES.entries()) {
      const entity = read.entities.get(ids.get(name) ?? '');
      const shown = visibleText(name).trim() || '\u00a0';
      assert.equal(decoded(entity?.alias || entity?.label || ''), shown);
      assert.equal(entity?.attributes.length, HOSTILE_NAMES.length);
      const column = entity?.attributes[index];
      assert.equal(decoded(column?.comment || column?.name || ''), shown);
      assert.equal(decoded(read.links[index]?.roleA ?? ''), `${shown} (0.70)`);
    }
    assert.doesNotMatch(text, /[<>&%\\`$*]|\p{Cf}|_"|"_/u);
  });

  it('reads any schema of 1,000 tables', async () => {
    const large = largeModel(1000, 4);
    const read = await parsed(toMermaid(viewOf(large, settings({ roots: 'all', density: 'all' }))));
    assert.equal(read.entities.size, 1000);
    assert.equal(read.links.length, large.links.length);
  }).timeout(60_000);
});

describe('Visible text', () => {
  it('spells out what nobody sees and cuts what is too long', () => {
    assert.equal(visibleText('a\u202eb\n\u0000'), 'a[U+202E]b[U+000A][U+0000]');
    assert.equal(visibleText('\ud800'), '[U+D800]');
    assert.equal(visibleText('😀 é'), '😀 é');
    assert.equal([...visibleText('x'.repeat(500))].length, 120);
  });
});
