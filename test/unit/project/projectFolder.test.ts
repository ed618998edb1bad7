import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { Project } from '../../../src/core/project/layout.ts';
import { requireProjectFolder } from '../../../src/core/project/projectFolder.ts';
import { withProject } from '../../support/project.ts';

describe('a project folder', () => {
  it('that was renamed or deleted is told, and does not pass for a project in which nothing was run', async () => {
    await withProject({ 'requirement_spec/x.csv': '' }, async ({ root }) => {
      const project = new Project(root);
      await requireProjectFolder(project);
      await rename(root, `${root}-away`);
      await assert.rejects(requireProjectFolder(project), /the project folder is not there; open it where it is now/);
      await rename(`${root}-away`, root);
      await requireProjectFolder(project);
      await rm(root, { recursive: true });
      await assert.rejects(requireProjectFolder(project), { name: 'UserError' });
    });
  });
});
