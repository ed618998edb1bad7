import assert from 'node:assert/strict';
import { focusOn, withNeighbours, withoutTable, withTable } from '../../../src/core/erd/choose.ts';
import { FIRST_SETTINGS, viewOf } from '../../../src/core/erd/view.ts';
import { smallCatalog } from '../../support/catalog.ts';
import { modelOf } from './sampleModel.ts';

describe('choosing tables of a diagram', () => {
  const model = modelOf(
    smallCatalog(
      'source',
      `
  PATIENT
    PATIENT_ID INTEGER key
  EPISODE
    EPISODE_ID INTEGER key
    PATIENT_ID INTEGER ->PATIENT.PATIENT_ID
  WARD_STAY
    STAY_ID INTEGER key
    EPISODE_ID INTEGER ->EPISODE.EPISODE_ID
  GP
    GP_ID INTEGER key`,
    ),
  );
  const settings = { ...FIRST_SETTINGS, roots: ['WARD_STAY'] };
  const view = viewOf(model, settings);

  it('a table comes with its neighbours, and with its domain when that was hidden', () => {
    assert.deepEqual(focusOn(model, settings, 'GP'), { roots: ['GP'], hops: 1, domains: null });
    const hidden = { ...settings, hops: 3, domains: ['X'] };
    assert.deepEqual(focusOn(model, hidden, 'GP'), { roots: ['GP'], hops: 3, domains: ['X', ''] });
    assert.deepEqual(focusOn(null, settings, 'GP').roots, ['GP']);
  });

  it('a table is added once; the tables in sight become the chosen ones when none were', () => {
    assert.deepEqual(withTable(view, settings, 'GP'), { roots: ['WARD_STAY', 'GP'] });
    assert.deepEqual(withTable(view, settings, 'WARD_STAY'), { roots: ['WARD_STAY'] });
    assert.deepEqual(withTable(view, { ...settings, roots: 'all' }, 'GP'), { roots: ['WARD_STAY', 'GP'], hops: 0 });
  });

  it('a table is taken out of sight', () => {
    assert.deepEqual(withoutTable(viewOf(model, { ...settings, roots: 'all' }), 'GP'), {
      roots: ['PATIENT', 'EPISODE', 'WARD_STAY'],
      hops: 0,
    });
  });

  it('neighbours are added along the links that are shown', () => {
    assert.deepEqual(withNeighbours(model, view, settings, 'EPISODE').roots, ['WARD_STAY', 'EPISODE', 'PATIENT']);
    const links = { ...settings.links, declared: false };
    assert.deepEqual(withNeighbours(model, view, { ...settings, links }, 'EPISODE').roots, ['WARD_STAY', 'EPISODE']);
  });
});
