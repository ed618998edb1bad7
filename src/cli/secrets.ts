import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { type SecretSource, secretVariable } from '../core/connectors/secrets.ts';

/**
 * Secrets for a terminal: from the environment, else asked for where somebody sits at a terminal. What is typed is not
 * shown. Null where there is neither.
 */
export function terminalSecrets(environment: NodeJS.ProcessEnv): SecretSource {
  const asked = new Map<string, Promise<string | null>>();
  return (connection, option) => {
    const variable = secretVariable(connection, option);
    const given = environment[variable];
    if (given !== undefined && given !== '') return Promise.resolve(given);
    if (!process.stdin.isTTY || !process.stderr.isTTY) return Promise.resolve(null);
    const known = asked.get(variable) ?? prompt(`${option} of ${connection} (not shown; empty for none): `);
    asked.set(variable, known);
    return known;
  };
}

function prompt(question: string): Promise<string | null> {
  process.stderr.write(question);
  // The line editor echoes into nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  return new Promise((resolve) => {
    const end = (answer: string | null): void => {
      reader.close();
      process.stderr.write('\n');
      resolve(answer === '' ? null : answer);
    };
    reader.once('line', end);
    // Ctrl-C while asked stops the command as it does elsewhere.
    reader.once('SIGINT', () => {
      end(null);
      process.kill(process.pid, 'SIGINT');
    });
  });
}
