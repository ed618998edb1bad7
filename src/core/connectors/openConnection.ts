import type { StageContext } from '../lifecycle/stage.ts';
import { UserError } from '../shared/errors.ts';
import type { Connection, Connector } from './connector.ts';
import { type ConnectionSettings, loadConnectorChoices, settingsFaults } from './connectorsFile.ts';
import { secretNames } from './optionFields.ts';
import { connectorOf } from './registry.ts';
import { errorWithoutSecrets, secretVariable, withoutSecrets } from './secrets.ts';

/** A connector with the connection it works on. */
export interface Opened {
  readonly connector: Connector;
  readonly connection: Connection;
  /** Takes the secrets out of a text that came from the other side. */
  readonly clean: (text: string) => string;
}

/**
 * Finds a connection of `connectors.json` (or a connector by its own name, with its standard options), fills in its
 * secrets, and hands it to the work. Whatever the work throws has lost the secrets before anybody sees it.
 *
 * @throws UserError for an unknown name, wrong options or a secret that nobody gave
 */
export async function withConnection<T>(
  context: StageContext,
  name: string,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const settings = await settingsOf(context, name);
  const connector = connectorOf(settings.type);
  const [fault] = settingsFaults(name, settings);
  if (connector === undefined || fault !== undefined)
    throw new UserError(fault?.message ?? `There is no connector ${settings.type}.`);
  const secrets = await secretsOf(context, name, connector);
  const values = Object.values(secrets);
  const clean = (text: string): string => withoutSecrets(text, values);
  const options = connector.options.strict().parse({ ...settings.options, ...secrets });
  const emit: StageContext['emit'] = (event) =>
    context.emit(event.type === 'note' ? { ...event, text: clean(event.text) } : event);
  const connection: Connection = { name, options, context: { ...context, emit } };
  try {
    return await work({ connector, connection, clean });
  } catch (error) {
    throw errorWithoutSecrets(error, values);
  } finally {
    await connector.close?.(connection);
  }
}

async function settingsOf(context: StageContext, name: string): Promise<ConnectionSettings> {
  const { connections } = await loadConnectorChoices(context.project);
  const settings = connections.get(name);
  if (settings !== undefined) return settings;
  if (connectorOf(name) !== undefined) return { type: name, options: {} };
  const known = [...connections.keys()].sort().join(', ');
  throw new UserError(
    `There is no connection ${name}; ${known === '' ? 'none is configured yet' : `there are ${known}`}. Run connectors set, or connectors list.`,
  );
}

/** Optional secrets that nobody has stay away; a needed one that is missing is told with the name of its variable. */
async function secretsOf(context: StageContext, name: string, connector: Connector): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const option of secretNames(connector.options)) {
    const secret = (await context.secret?.(name, option)) ?? null;
    if (secret !== null && secret !== '') secrets[option] = secret;
    else if (!connector.options.shape[option]?.safeParse(undefined).success)
      throw new UserError(
        `The ${option} of ${name} is needed; set ${secretVariable(name, option)}, or run it where you can be asked.`,
      );
  }
  return secrets;
}
