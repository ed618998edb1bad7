// How long the extension host could not take a message, measured from outside: its inspector is asked to count.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const STEP_MS = 10;
const COUNT = `(() => {
  const lag = (globalThis.pauseOfTest = { longest: 0, last: performance.now() });
  lag.timer = setInterval(() => {
    const now = performance.now();
    lag.longest = Math.max(lag.longest, now - lag.last - ${STEP_MS});
    lag.last = now;
  }, ${STEP_MS});
})()`;
const TELL = '(clearInterval(pauseOfTest.timer), Math.round(pauseOfTest.longest))';

/**
 * Starts to count the pauses of the newest extension host of a server. Only on Linux, where /proc names it.
 *
 * @param browser asks the inspector, because Node.js 20 has no WebSocket
 */
export async function watchHost(server, browser) {
  const host = extensionHosts(server).at(-1);
  assert.ok(host !== undefined, 'no extension host runs');
  process.kill(host, 'SIGUSR1');
  const address = await inspector();
  const page = await browser.newPage();
  const evaluate = (expression) =>
    page.evaluate(
      ([url, code]) =>
        new Promise((answered, failed) => {
          const socket = new WebSocket(url);
          socket.onerror = () => failed(new Error('the inspector of the extension host does not answer'));
          socket.onopen = () => {
            const params = { expression: code, returnByValue: true };
            socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
          };
          socket.onmessage = ({ data }) => {
            answered(JSON.parse(data).result?.result?.value ?? null);
            socket.close();
          };
        }),
      [address, expression],
    );
  assert.equal(await evaluate('process.pid'), host, 'another process holds the port of the inspector');
  await evaluate(COUNT);
  return {
    async longestPause() {
      const longest = await evaluate(TELL);
      await page.close();
      return longest;
    },
  };
}

function extensionHosts(server) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
    .filter((pid) => {
      try {
        const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
        return (
          parent === String(server) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost')
        );
      } catch {
        // It ended meanwhile.
        return false;
      }
    });
}

async function inspector() {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      const [found] = await (await fetch('http://127.0.0.1:9229/json/list')).json();
      return found.webSocketDebuggerUrl;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error('the inspector of the extension host did not start');
}
