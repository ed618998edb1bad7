import { z } from 'zod';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { formatProblem } from '../shared/problem.ts';
import { type Control, type HazardState, reviewHazards } from './hazardStatus.ts';

/** Shows each hazard with its ratings and whether its controls are green on the files that are there now. */
export const hazardStatusTool = defineStage({
  id: 'hazard status',
  title: 'Hazard status',
  owner: 'clinical_safety_reviewer',
  summary: 'Rate each hazard by the matrix and show whether the evidence of its controls is fresh and green.',
  example: 'pas-migration hazard status',
  options: z.object({}),
  readOnly: true,
  reads: [ARTEFACTS.hazardLog, ARTEFACTS.hazardMatrix, ARTEFACTS.qualityReport, ARTEFACTS.gateReport],
  writes: [],
  async run(context) {
    const review = await reviewHazards(context.project);
    const live = review.hazards.filter(({ status }) => status === 'open' || status === 'controlled');
    const troubled = live.filter((hazard) => hazard.obstacle !== null || notGreen(hazard).length > 0);
    const errors = review.problems.filter(({ severity }) => severity === 'error');
    const head = review.there
      ? `${review.hazards.length} hazards, ${troubled.length} need somebody.`
      : `There is no ${ARTEFACTS.hazardLog} yet; copy the sample's and have it scored.`;
    return {
      status: troubled.length === 0 && errors.length === 0 && review.there ? 'passed' : 'failed',
      summary: { hazards: review.hazards, problems: review.problems },
      text: [...review.problems.map(formatProblem), ...review.hazards.map(line), head],
      inputs: review.there ? [ARTEFACTS.hazardLog] : [],
      outputs: [],
    };
  },
});

function notGreen(hazard: HazardState): readonly Control[] {
  return hazard.controls.filter(({ state }) => state !== 'green');
}

function line(hazard: HazardState): string {
  const rating = `${hazard.initialRating ?? '?'}→${hazard.residualRating ?? '?'}`;
  const bad = notGreen(hazard);
  const controls =
    hazard.controls.length === 0
      ? 'no control linked'
      : bad.length === 0
        ? `${hazard.controls.length} controls green`
        : bad.map(({ id, state }) => `${id} ${state.replace('_', ' ')}`).join(', ');
  const obstacle = hazard.obstacle === null ? '' : `  ${hazard.obstacle}`;
  return `${hazard.id}  ${hazard.status.padEnd(11)}  ${rating}  ${hazard.title}  ${controls}${obstacle}`;
}
