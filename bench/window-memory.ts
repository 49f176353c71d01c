/**
 * What ten terminals with full scrollback take in the window, all but one of them hidden, against
 * as many bare xterm.js of the same size that are fed from memory: its heap, buffers and elements,
 * once what is no longer used is collected.
 */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { figure, median, type Figure } from './statistics.ts';
import { usedBytes } from './page-memory.ts';
import { inPage, launchBrowser, sceneUrl } from './window-browser.ts';
import { serveMemoryHost } from './window-hosts.ts';

const terminals = 10;
const scrollback = 10_000;
const xterm = path.resolve(import.meta.dirname, '../node_modules/@xterm/xterm/lib/xterm.js');

interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** Both sides in pages of their own, in turn. */
export async function benchWindowMemory(rounds: number): Promise<Figure[]> {
  await using memory = await serveMemoryHost();
  await using bare = await serveBare();
  // The cells that are drawn are elements, so that both sides draw with the same.
  const browser = await launchBrowser('--disable-3d-apis');
  try {
    const ours: number[] = [];
    const limit: number[] = [];
    let grid: Grid = { rows: 24, columns: 120 };
    const sides = [
      async () => {
        const window = await windowBytes(browser, sceneUrl(memory.url, 'fake=some'));
        grid = window.grid;
        ours.push(window.bytes);
      },
      async () => limit.push(await bareBytes(browser, bare.url, grid)),
    ];
    // The window says of what size terminals are to be, and so is first at first.
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
      process.stderr.write(`  window-memory ${String(round + 1)}/${String(rounds)}\n`);
    }
    const { columns } = grid;
    const mebibytes = (bytes: readonly number[]) => median(bytes) / 2 ** 20;
    return [
      figure(
        {
          name: `ten terminals, ${String(scrollback)} lines of ${String(columns)} columns`,
          unit: 'MiB',
          against: 'xterm.js fed from memory',
        },
        mebibytes(ours),
        mebibytes(limit),
      ),
    ];
  } finally {
    await browser.close();
  }
}

/** The growth of the window by its terminals, and the size of each. */
function windowBytes(
  browser: Browser,
  url: string,
): Promise<{ readonly bytes: number; readonly grid: Grid }> {
  return inPage(browser, async (page) => {
    await page.goto(url);
    await page.getByRole('heading', { name: 'Sandboxes', level: 1 }).waitFor();
    const before = await usedBytes(page);
    await page.keyboard.press('Control+`');
    for (let count = 0; count < terminals; count += 1) {
      await page.getByRole('button', { name: 'New terminal' }).click();
      await page.getByRole('menuitem', { name: 'web-api' }).first().click();
      const rows = page.locator('[data-focused]:visible .xterm.focus .xterm-rows');
      await rows.filter({ hasText: '#' }).waitFor();
      // 16 384 lines: the last of them are kept.
      await page.keyboard.type('mib 1\n');
      await rows.filter({ hasText: 'all of it' }).waitFor();
    }
    const bytes = (await usedBytes(page)) - before;
    const grid = await page.evaluate<Grid>(`(() => {
      const screen = [...document.querySelectorAll('.xterm')].find((one) => one.checkVisibility());
      const line = screen.querySelector('.xterm-rows');
      const cell = document.createElement('span');
      cell.textContent = 'x'.repeat(100);
      line.firstElementChild.append(cell);
      const width = cell.getBoundingClientRect().width / 100;
      cell.remove();
      const { clientWidth } = screen.querySelector('.xterm-screen');
      return { rows: line.childElementCount, columns: Math.round(clientWidth / width) };
    })()`);
    return { bytes, grid };
  });
}

/** The growth of an empty page by as many terminals that are given the same lines. */
function bareBytes(browser: Browser, url: string, grid: Grid): Promise<number> {
  return inPage(browser, async (page) => {
    await page.goto(url);
    const before = await usedBytes(page);
    await page.evaluate(`(async () => {
      const line = 'x'.repeat(62) + '\\r\\n';
      window.all = [];
      for (let count = 0; count < ${String(terminals)}; count += 1) {
        const place = document.createElement('div');
        document.body.append(place);
        const terminal = new Terminal({
          rows: ${String(grid.rows)}, cols: ${String(grid.columns)},
          scrollback: ${String(scrollback)},
        });
        terminal.open(place);
        for (let part = 0; part < 64; part += 1) {
          await new Promise((taken) => terminal.write(line.repeat(256), taken));
        }
        window.all.push(terminal);
      }
    })()`);
    return (await usedBytes(page)) - before;
  });
}

/** A page with nothing but xterm.js. */
async function serveBare() {
  const server = createServer((request, response) => {
    if (request.url === '/xterm.js') {
      response.setHeader('content-type', 'text/javascript');
      createReadStream(xterm).pipe(response);
      return;
    }
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><body><script src="xterm.js"></script>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      server.close();
      return Promise.resolve();
    },
  };
}
