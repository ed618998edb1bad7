import * as z from 'zod/mini';
import { Connectors, PreviewRows } from '../../core/review/connectorsModel.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

const Named = z.object({ name: z.string() });
const Said = z.object({ ok: z.boolean(), message: z.string() });

/** Connections: configure, test, discover, preview, use. Secrets are never said here: the editor asks for them itself. */
export const CONNECTORS_PANEL = definePanel({
  name: 'connectors',
  questions: {
    content: { ask: NOTHING, answer: Connectors },
    /** What is wrong with an option as it is typed; empty when nothing is. */
    fault: {
      ask: z.object({ type: z.string(), option: z.string(), text: z.string() }),
      answer: z.object({ message: z.string() }),
    },
    save: {
      ask: z.object({
        name: z.string(),
        type: z.string(),
        options: z.record(z.string(), z.string()),
        use: z.nullable(z.enum(['source', 'target', 'none'])),
      }),
      answer: Said,
    },
    remove: { ask: Named, answer: Said },
    /** The editor's own box asks for it, and the editor's secret storage keeps it. */
    secret: { ask: z.object({ name: z.string(), option: z.string() }), answer: NOTHING },
    test: { ask: Named, answer: Said },
    discover: { ask: z.object({ name: z.string(), side: z.enum(['source', 'target']) }), answer: Said },
    tables: { ask: Named, answer: z.object({ tables: z.array(z.string()) }) },
    preview: { ask: z.object({ name: z.string(), table: z.string() }), answer: PreviewRows },
    use: { ask: z.object({ name: z.string(), command: z.enum(['extract', 'load', 'reconcile']) }), answer: Said },
  },
  notices: { changed: NOTHING },
});
