import assert from 'node:assert/strict';
import { readCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { schemaText, targetSchema } from '../../../src/core/load/targetSchema.ts';
import { formatProblem } from '../../../src/core/shared/problem.ts';
import { catalogText } from '../../support/smallProject.ts';

function schemaOf(fields: string): { ddl: string; problems: string[] } {
  const { tables } = readCatalogText(catalogText(fields), 'target.csv', 'target').value;
  const { tables: target, problems } = targetSchema([...tables.values()]);
  return { ddl: schemaText('pas', target), problems: problems.map(formatProblem) };
}

describe('The target schema of a catalog', () => {
  it('has types, mandatory fields, keys and links; composite links stay together', () => {
    const { ddl, problems } = schemaOf(`
      SPELL.ID VARCHAR(12) M PK
      SPELL.MOTHER VARCHAR(12) FK=SPELL.ID
      SPELL.WEIGHT DECIMAL
      EPISODE.SPELL VARCHAR(12) M PK FK=SPELL.ID
      EPISODE.SEQ INTEGER M PK
      EPISODE.STARTS DATETIME M
      DIAGNOSIS.ID INTEGER M PK
      DIAGNOSIS.SPELL VARCHAR(12) M FK=EPISODE.SPELL
      DIAGNOSIS.SEQ INTEGER M FK=EPISODE.SEQ
      DIAGNOSIS.NOTE VARCHAR
      DIAGNOSIS.ON DATE
      DIAGNOSIS.AT TIME
      DIAGNOSIS.MAIN BOOLEAN
    `);
    assert.deepEqual(problems, []);
    assert.equal(
      ddl,
      `CREATE TABLE "pas"."SPELL" ("ID" varchar(12), "MOTHER" varchar(12), "WEIGHT" numeric(18, 3));
CREATE TABLE "pas"."EPISODE" ("SPELL" varchar(12), "SEQ" bigint, "STARTS" timestamp);
CREATE TABLE "pas"."DIAGNOSIS" ("ID" bigint, "SPELL" varchar(12), "SEQ" bigint, "NOTE" text, "ON" date, "AT" time, "MAIN" boolean);
ALTER TABLE "pas"."SPELL" ALTER COLUMN "ID" SET NOT NULL;
ALTER TABLE "pas"."SPELL" ADD CONSTRAINT "pk_SPELL" PRIMARY KEY ("ID");
ALTER TABLE "pas"."SPELL" ADD CONSTRAINT "fk_SPELL_MOTHER" FOREIGN KEY ("MOTHER") REFERENCES "pas"."SPELL" ("ID");
ALTER TABLE "pas"."EPISODE" ALTER COLUMN "SPELL" SET NOT NULL, ALTER COLUMN "SEQ" SET NOT NULL, ALTER COLUMN "STARTS" SET NOT NULL;
ALTER TABLE "pas"."EPISODE" ADD CONSTRAINT "pk_EPISODE" PRIMARY KEY ("SPELL", "SEQ");
ALTER TABLE "pas"."EPISODE" ADD CONSTRAINT "fk_EPISODE_SPELL" FOREIGN KEY ("SPELL") REFERENCES "pas"."SPELL" ("ID");
ALTER TABLE "pas"."DIAGNOSIS" ALTER COLUMN "ID" SET NOT NULL, ALTER COLUMN "SPELL" SET NOT NULL, ALTER COLUMN "SEQ" SET NOT NULL;
ALTER TABLE "pas"."DIAGNOSIS" ADD CONSTRAINT "pk_DIAGNOSIS" PRIMARY KEY ("ID");
ALTER TABLE "pas"."DIAGNOSIS" ADD CONSTRAINT "fk_DIAGNOSIS_SPELL_SEQ" FOREIGN KEY ("SPELL", "SEQ") REFERENCES "pas"."EPISODE" ("SPELL", "SEQ");
`,
    );
  });

  it('a link to a field beside the key makes that field unique; quotes in names stay names', () => {
    const { ddl } = schemaOf(`
      "P""X".ID INTEGER M PK
      "P""X".NHS VARCHAR(10)
      C.ID INTEGER M PK
      C.NHS VARCHAR(10) FK="P""X.NHS"
    `);
    assert.match(ddl, /CREATE TABLE "pas"."P""X"/);
    assert.match(ddl, /ADD CONSTRAINT "uq_P""X_NHS" UNIQUE \("NHS"\)/);
    assert.match(ddl, /FOREIGN KEY \("NHS"\) REFERENCES "pas"."P""X" \("NHS"\)/);
  });

  it('says which links it cannot enforce, and refuses names that would be cut', () => {
    const long = 'A'.repeat(64);
    const { ddl, problems } = schemaOf(`
      EPISODE.SPELL VARCHAR(12) M PK
      EPISODE.SEQ INTEGER M PK
      WARD.CODE INTEGER M PK
      STAY.ID INTEGER M PK
      STAY.SPELL VARCHAR(12) FK=EPISODE.SPELL
      STAY.WARD VARCHAR(5) FK=WARD.CODE
      STAY.SITE VARCHAR(5) FK=SITE.CODE
      STAY.${long} VARCHAR(5)
    `);
    assert.doesNotMatch(ddl, /FOREIGN KEY/);
    assert.deepEqual(problems, [
      'spec.csv: STAY.SITE: the link is not enforced in the target, because SITE.CODE is not loaded (line 4).',
      'spec.csv: STAY.SPELL: the link is not enforced in the target, because it leads to a part of the key of EPISODE (line 2).',
      'spec.csv: STAY.WARD: the link is not enforced in the target, because its type is not the type of WARD.CODE (line 3).',
      `spec.csv: ${long} has more than 63 bytes, which PostgreSQL would cut; shorten it in the target specification.`,
    ]);
  });

  it('long constraint names are shortened the same way each time and stay apart', () => {
    const table = 'T'.repeat(50);
    const { ddl } = schemaOf(`
      P.ID INTEGER M PK
      ${table}.${'A'.repeat(30)}1 INTEGER FK=P.ID
      ${table}.${'A'.repeat(30)}2 INTEGER FK=P.ID
    `);
    const names = [...ddl.matchAll(/CONSTRAINT "(fk_[^"]+)"/g)].map(([, name = '']) => name);
    assert.equal(new Set(names).size, 2);
    assert.ok(names.every((name) => name.length <= 63));
  });
});
