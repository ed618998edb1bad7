/** Read before the plan law by `npm run test:plan-law`, in place of a variable that each shell sets in its own way. */
process.env['PLAN_LAW_EDITS'] ??= '200';
