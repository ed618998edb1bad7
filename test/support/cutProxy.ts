import { connect, createServer, type Socket } from 'node:net';

/** One connection through the proxy. */
export interface Link {
  /** Sends the statement that is held on to the server. */
  forward(): void;
  /** What the server says from now on does not reach the client; resolves when it has said something. */
  loseAnswer(): Promise<void>;
  /** Both sides see the other hang up. */
  cut(): void;
  /** Only the client sees it: as for a server whose network went, the connection still looks well from there. */
  cutClient(): void;
}

/** Statements of the swap, at which a test may step in; each is held back until the test forwards it. */
export interface SwapHooks {
  rename?(link: Link): Promise<void> | void;
  commit?(link: Link): Promise<void> | void;
}

export interface CutProxy {
  readonly port: number;
  /** What happens at the next swap; nothing when empty. A hook is used once. */
  hooks: SwapHooks;
  close(): Promise<void>;
}

/** A network between a load and its server that a test can break at a statement of the swap. */
export async function startCutProxy(serverPort: number): Promise<CutProxy> {
  const open = new Set<Socket>();
  const proxy = { hooks: {} as SwapHooks };
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    let lost: (() => void) | null = null;
    let left = false;
    let renamed = false;
    upstream.on('data', (bytes) => {
      if (lost === null) client.write(bytes);
      else lost();
    });
    upstream.on('close', () => client.destroy());
    client.on('close', () => {
      if (!left) upstream.end();
    });
    client.on('data', (bytes) => {
      const link: Link = {
        forward: () => upstream.write(bytes),
        loseAnswer: () =>
          new Promise((resolve) => {
            lost = resolve;
          }),
        cut: () => {
          client.destroy();
          upstream.destroy();
        },
        cutClient: () => {
          left = true;
          client.destroy();
        },
      };
      const text = bytes.toString('latin1');
      const isRename = /ALTER SCHEMA "\w+_staging" RENAME/.test(text);
      renamed ||= isRename;
      const name = isRename ? 'rename' : renamed && text.includes('COMMIT\0') ? 'commit' : null;
      const hook = name === null ? undefined : proxy.hooks[name];
      if (name === null || hook === undefined) {
        link.forward();
        return;
      }
      delete proxy.hooks[name];
      void hook(link);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(proxy, {
    port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
