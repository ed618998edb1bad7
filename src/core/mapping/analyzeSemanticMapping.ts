import { z } from 'zod';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { defineStage, progressOf } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { compareText } from '../shared/order.ts';
import { formatProblem } from '../shared/problem.ts';
import { runStepsPolitely } from '../shared/steps.ts';
import { Lexicon } from './lexicon.ts';
import { type MatrixRow, PROPOSAL_SCORE, writeMatrixText } from './mappingMatrix.ts';
import { matchFields, type TableFit } from './matchFields.ts';
import { readEvidence } from './readEvidence.ts';

const STAGE = 'analyze-semantic-mapping';

/** Proposes where each target field may come from, with reasons in words. */
export const analyzeSemanticMapping = defineStage({
  id: STAGE,
  title: 'Analyze semantic mapping',
  owner: 'data_mapping_analyst',
  summary: 'Score source fields for every target field, with the reasons in words.',
  example: 'pas-migration analyze-semantic-mapping',
  options: z.object({}),
  reads: [
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.crosswalks,
    ARTEFACTS.codeSets,
    ARTEFACTS.mappingDictionary,
    ARTEFACTS.sourceProfile,
  ],
  writes: [ARTEFACTS.mappingMatrix, ARTEFACTS.mappingSummary],
  async run(context) {
    const { project } = context;
    const source = await loadCatalog(project, ARTEFACTS.sourceCatalog, 'source');
    const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target');
    const { evidence, dictionary, problems, files } = await readEvidence(project);
    const progress = progressOf(context, STAGE);
    progress('comparing fields', 0, 1);
    const steps = matchFields(source, target, new Lexicon(dictionary), evidence);
    const matching = await runStepsPolitely(steps, context.signal);
    const rows: MatrixRow[] = [];
    const tables = [...target.tables.values()];
    const fitting: { target_table: string; source_tables: readonly TableFit[] }[] = [];
    for (const table of tables) {
      await new Promise((resolve) => setImmediate(resolve));
      const fits = matching.tablesFor(table.name).filter((found) => found.score >= 0.4);
      fitting.push({ target_table: table.name, source_tables: fits.slice(0, 3) });
      for (const field of table.fields) {
        const found = matching.candidates(field);
        const base = { targetTable: field.table, targetField: field.field };
        for (const [rank, candidate] of found.entries()) {
          const sure = candidate.score >= PROPOSAL_SCORE || rank > 0;
          const doubt = sure ? [] : ['too doubtful to propose'];
          rows.push({
            ...base,
            rank: rank + 1,
            sourceTable: candidate.source.table,
            sourceField: candidate.source.field,
            score: candidate.score,
            proposedClass: candidate.score >= PROPOSAL_SCORE ? candidate.proposedClass : 'unresolved',
            reasons: [...candidate.reasons, ...doubt].join('; '),
          });
        }
        if (found.length === 0)
          rows.push({
            ...base,
            rank: 1,
            sourceTable: '',
            sourceField: '',
            score: 0,
            proposedClass: 'unresolved',
            reasons: 'nothing in the source is like it',
          });
      }
    }
    const best = rows.filter((row) => row.rank === 1);
    const mandatory = best.filter(
      (row) => row.proposedClass === 'unresolved' && target.field(row.targetTable, row.targetField)?.mandatory === true,
    );
    const summary = {
      schema_version: 1,
      run_id: context.runId,
      run_at_utc: context.now().toISOString(),
      status: 'passed' as const,
      target_fields: best.length,
      with_candidates: best.filter((row) => row.sourceField !== '').length,
      by_proposed_class: countBy(best.map((row) => row.proposedClass)),
      by_confidence: countBy(
        best.map((row) =>
          row.score >= 0.8 ? 'high' : row.score >= PROPOSAL_SCORE ? 'medium' : row.score > 0 ? 'low' : 'none',
        ),
      ),
      unresolved_mandatory: mandatory.length,
      tables: fitting,
    };
    const outputs = await publishing(project, async (publication) => {
      await publication.writeText(ARTEFACTS.mappingMatrix, writeMatrixText(rows));
      await publication.writeJson(ARTEFACTS.mappingSummary, summary);
      return publication.outputs;
    });
    return {
      status: 'passed',
      summary,
      text: [
        ...problems.map(formatProblem),
        `${summary.target_fields} target fields: ${best.length - (summary.by_proposed_class['unresolved'] ?? 0)} with a proposal, ${mandatory.length} mandatory ones without.`,
      ],
      inputs: [ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog, ...files],
      outputs,
    };
  },
});

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of [...words].sort(compareText)) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
