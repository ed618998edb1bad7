import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { readAudit } from '../audit/auditLog.ts';
import { actor } from '../governance/acting.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { buildPack } from './buildPack.ts';
import { checkLines, fingerprintFrom } from './checkLines.ts';
import { REQUIRED } from './packFiles.ts';
import { PUBLIC_KEY } from './packManifest.ts';
import { type PackFault, verifyPack } from './verifyPack.ts';

/** Makes the signed evidence pack of the project as it is. */
export const buildEvidenceTool = defineStage({
  id: 'evidence build',
  title: 'Build evidence pack',
  owner: 'migration_delivery_lead',
  summary: 'Build the signed evidence pack, a folder and a zip, with a report that prints to PDF.',
  example: 'pas-migration evidence build --out evidence/rc1',
  options: z.object({
    out: z
      .string()
      .min(1)
      .optional()
      .describe('folder of the pack; the zip lies beside it (default: evidence/<time>-<profile>)'),
    key_file: z
      .string()
      .min(1)
      .optional()
      .describe('Ed25519 key that signs (default: $PAS_MIGRATION_EVIDENCE_KEY, or one in your own settings folder)'),
  }),
  reads: [...REQUIRED.map(([path]) => path), ARTEFACTS.auditLog],
  writes: [],
  async run(context, options) {
    const by = await actor(context, 'evidence_build');
    const built = await buildPack(context, {
      out: options.out ?? null,
      keyFile: options.key_file ?? context.surroundings.evidenceKeyFile,
    });
    const { folder, zip, manifest, fingerprint, madeKey } = built;
    const details = {
      folder,
      zip,
      as_of_utc: manifest.as_of_utc,
      files: manifest.files.length,
      key_fingerprint: fingerprint,
    };
    return {
      status: 'passed',
      summary: { ...details, profile: manifest.profile, gate_status: manifest.gate_status },
      text: [
        `${manifest.files.length} files in ${folder}, and as ${zip}. The report is ${folder}/report.html.`,
        ...(manifest.gates_judged === 'these_files'
          ? []
          : [
              'The gates judged an earlier state: files changed since. Run the stages and the gates again for a pack that proves the present one.',
            ]),
        ...(madeKey === null
          ? []
          : [`A signing key was made: ${madeKey}. Keep it to yourself; who has it can sign as you.`]),
        `Signed with the key ${fingerprint}. Tell its readers this fingerprint by another way than the pack.`,
      ],
      inputs: manifest.files.map(({ path }) => path),
      outputs: [`${folder}/manifest.json`, zip],
      audit: { event: 'evidence-built', who: by.name, details: { ...details, role: by.role } },
    };
  },
});

/** Checks a pack. */
export const verifyEvidenceTool = defineStage({
  id: 'evidence verify',
  title: 'Verify evidence pack',
  owner: 'migration_delivery_lead',
  summary:
    'Check an evidence pack, a folder or a zip: every file, the signature, the audit log; every change is told with its place.',
  example: 'pas-migration evidence verify evidence/rc1.zip --key 3b5c…',
  positional: ['pack'],
  paths: ['pack'],
  options: z.object({
    pack: z.string().min(1).describe('folder or zip of the pack'),
    key: z.string().optional().describe('fingerprint of the key that must have signed it'),
  }),
  readOnly: true,
  reads: [],
  writes: [],
  async run(context, options) {
    const key = options.key === undefined ? null : fingerprintFrom(options.key);
    const checked = await verifyPack(placeOf(context.project, options.pack), key);
    const faults = [...checked.faults, ...(key === null ? await strangeKey(context.project, checked.fingerprint) : [])];
    return {
      status: faults.length === 0 ? 'passed' : 'failed',
      summary: {
        faults,
        key_fingerprint: checked.fingerprint,
        key_compared: key !== null,
        files: checked.manifest?.files.length ?? 0,
      },
      text: checkLines({ ...checked, faults }, key !== null),
      inputs: [],
      outputs: [],
    };
  },
});

/** Named from the project or from where the terminal stands. */
function placeOf(project: Project, pack: string): string {
  const inside = project.at(pack);
  return existsSync(inside) ? inside : resolve(pack);
}

/** In a project that built packs before, another key than any of theirs is told even when none was named. */
async function strangeKey(project: Project, fingerprint: string | null): Promise<PackFault[]> {
  if (fingerprint === null) return [];
  const known = (await readAudit(project).catch(() => [])).flatMap(({ event, details }) =>
    event === 'evidence-built' ? [details['key_fingerprint']] : [],
  );
  if (known.length === 0 || known.includes(fingerprint)) return [];
  return [
    {
      place: PUBLIC_KEY,
      message: `is a key with which this project never signed (${fingerprint}); name it with --key if you trust it`,
    },
  ];
}
