/**
 * A minute of `yes` in a terminal: whether the page's memory grows, how evenly its frames come, and
 * how soon Ctrl+C has the prompt back. The limit is xterm.js that is fed from the page's own memory.
 */
import type { Browser, Page } from '@playwright/test';
import { frameTimes } from './page-frames.ts';
import { usedBytes } from './page-memory.ts';
import { figure, median, percentile, type Figure } from './statistics.ts';
import { openTerminal } from './terminal-page.ts';
import { inPage, launchBrowser } from './window-browser.ts';
import { serveMemoryHost, serveRealHost } from './window-hosts.ts';

const sandbox = 'web-api';
const floodMs = 60_000;
/** By then the scrollback is full, and what is kept is kept. */
const settleMs = 10_000;
const frameCount = 300;
const against = 'xterm.js fed from memory';

interface Measures {
  readonly settledBytes: number[];
  readonly endBytes: number[];
  readonly frameMs: number[];
  readonly stopMs: number[];
}

function noMeasures(): Measures {
  return { settledBytes: [], endBytes: [], frameMs: [], stopMs: [] };
}

/** Both sides in turn, the order swapped each round. */
export async function benchTerminalFlood(rounds: number): Promise<Figure[]> {
  await using real = await serveRealHost(sandbox);
  await using memory = await serveMemoryHost();
  // Lines as elements, so that the prompt can be seen.
  const browser = await launchBrowser('--disable-3d-apis');
  try {
    const ours: Measures = noMeasures();
    const limit: Measures = noMeasures();
    for (let round = 0; round < rounds; round += 1) {
      const sides = [
        () => measure(browser, real.url, ours),
        () => measure(browser, memory.url, limit),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
      process.stderr.write(`  terminal-flood ${String(round + 1)}/${String(rounds)}\n`);
    }
    return [
      figure(
        {
          name: 'the page after a minute of yes',
          unit: 'MiB',
          against: 'the same page after ten seconds of it',
        },
        median(ours.endBytes) / 2 ** 20,
        median(ours.settledBytes) / 2 ** 20,
      ),
      figure(
        { name: 'frames in a minute of yes, median', unit: 'ms', against },
        median(ours.frameMs),
        median(limit.frameMs),
      ),
      figure(
        { name: 'frames in a minute of yes, 99th percentile', unit: 'ms', against },
        percentile(ours.frameMs, 0.99),
        percentile(limit.frameMs, 0.99),
      ),
      figure(
        { name: 'from Ctrl+C to the prompt', unit: 'ms', against },
        median(ours.stopMs),
        median(limit.stopMs),
      ),
    ];
  } finally {
    await browser.close();
  }
}

function measure(browser: Browser, url: string, measures: Measures): Promise<void> {
  return inPage(browser, async (page) => {
    await page.goto(url);
    await openTerminal(page, sandbox);
    await page.keyboard.type('yes\n');
    await page.waitForTimeout(settleMs);
    measures.settledBytes.push(await usedBytes(page));
    const endAtMs = Date.now() + floodMs - settleMs;
    measures.frameMs.push(...(await frameTimes(page, frameCount)));
    await page.waitForTimeout(Math.max(0, endAtMs - Date.now()));
    measures.endBytes.push(await usedBytes(page));
    measures.stopMs.push(await stop(page));
  });
}

/** Presses Ctrl+C, and waits for the prompt in the page itself. */
async function stop(page: Page): Promise<number> {
  // It is there before the key is: a page that is busy takes keys first.
  await page.evaluate(`void (window.stopped = new Promise((resolve) => {
    const rows = document.querySelector('[data-focused] .xterm-rows');
    let from;
    addEventListener('keydown', (event) => {
      if (event.key === 'c') from = event.timeStamp;
    }, { capture: true });
    const observer = new MutationObserver(() => {
      if (from === undefined || !rows.textContent.includes('#')) return;
      observer.disconnect();
      resolve(performance.now() - from);
    });
    observer.observe(rows, { childList: true, subtree: true, characterData: true });
  }))`);
  await page.keyboard.press('Control+c');
  return page.evaluate<number>('window.stopped');
}
