import type { Connection } from '../../connectors/connector.ts';
import { UserError } from '../../shared/errors.ts';
import { EmulatorFolder } from './emulatorFolder.ts';
import type { EmulatorOptions } from './emulatorOptions.ts';
import { EmulatorSession } from './emulatorSession.ts';

type EmulatorConnection = Connection<typeof EmulatorOptions>;

interface Kept {
  readonly session: Promise<EmulatorSession>;
  /** Closes the session and gives the data folder free. */
  readonly close: () => Promise<void>;
}

/** Sessions by the connection that opened them: opening one takes a second, and a comparison reads every table. */
const kept = new WeakMap<EmulatorConnection, Kept>();

/**
 * The session of a connection over what the emulator holds; opened with the first question, closed by `closeKept`.
 *
 * @throws UserError when nothing is loaded yet, or another process has it open
 */
export function keptSession(connection: EmulatorConnection): Promise<EmulatorSession> {
  const known = kept.get(connection) ?? openKept(connection);
  kept.set(connection, known);
  return known.session;
}

/** Ends the session of a connection, if it has one. */
export async function closeKept(connection: EmulatorConnection): Promise<void> {
  const known = kept.get(connection);
  kept.delete(connection);
  await known?.close();
}

function openKept({ context, name }: EmulatorConnection): Kept {
  const data = new EmulatorFolder(context.project, name);
  let done: () => void = () => undefined;
  const used = new Promise<void>((resolve) => {
    done = resolve;
  });
  let opened: (session: EmulatorSession) => void = () => undefined;
  let failed: (error: unknown) => void = () => undefined;
  const session = new Promise<EmulatorSession>((resolve, reject) => {
    opened = resolve;
    failed = reject;
  });
  session.catch(() => undefined);
  const whole = data
    .locked(async () => {
      const current = await data.current();
      if (current === null)
        throw new UserError(`${name}: the emulator holds nothing yet; run load --connector ${name}.`);
      const open = await EmulatorSession.open(current.folder, context.signal);
      try {
        opened(open);
        await used;
        // A session that a cancel ended has nothing to close.
        await open.close().catch(() => undefined);
      } finally {
        await open.kill();
      }
    })
    .catch(failed);
  return {
    session,
    async close() {
      done();
      await whole;
    },
  };
}
