/**
 * What lies between a terminal's screen and its shell: from key to paint at idle and beside a flood,
 * and how fast output comes through to the screen. The limit is the same window with xterm.js fed
 * from the page's own memory; what the guest itself takes is in
 * guest-terminal.ts. Chromium draws with elements, so that what is painted can be seen.
 */
import { chromium, type Browser, type Page } from '@playwright/test';
import { figure, median, percentile, type Figure } from './statistics.ts';
import { openTerminal, prompt } from './terminal-page.ts';
import { serveMemoryHost, serveRealHost } from './window-hosts.ts';

const sandbox = 'web-api';
const keysPerRound = 40;
const throughputMiB = 4;
const against = 'xterm.js fed from memory';

/** In the page: from a key to the frame after the first change of its terminal's lines. */
const probe = `
  window.samples = [];
  addEventListener('keydown', (event) => {
    const rows = document.querySelector('[data-focused] .xterm-rows');
    if (rows === null || event.key.length !== 1) return;
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.samples.push(performance.now() - event.timeStamp);
        port2.postMessage(null);
      });
    });
    observer.observe(rows, { childList: true, subtree: true, characterData: true });
  }, { capture: true });
`;

/** From a press of Enter until the screen shows the text, in milliseconds. */
const untilText = `(text) => window.shown = new Promise((resolve) => {
  const rows = document.querySelector('[data-focused] .xterm-rows');
  let from;
  addEventListener('keydown', (event) => { from ??= event.timeStamp; }, { capture: true, once: true });
  const observer = new MutationObserver(() => {
    if (!rows.textContent.includes(text)) return;
    observer.disconnect();
    resolve(performance.now() - from);
  });
  observer.observe(rows, { childList: true, subtree: true, characterData: true });
})`;

interface Measures {
  readonly idleMs: number[];
  readonly besideFloodMs: number[];
  readonly throughputMs: number[];
}

/** Latencies as median and 99th percentile, and the time of some MiB of output. */
export async function benchTerminal(rounds: number): Promise<Figure[]> {
  await using real = await serveRealHost(sandbox);
  await using memory = await serveMemoryHost();
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const args = ['--disable-3d-apis', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const ours: Measures = { idleMs: [], besideFloodMs: [], throughputMs: [] };
    const limit: Measures = { idleMs: [], besideFloodMs: [], throughputMs: [] };
    const output = `yes ${'x'.repeat(62)} | head -c ${String(throughputMiB * 1024 * 1024)}; echo all of it`;
    for (let round = 0; round < rounds; round += 1) {
      const sides = [
        () => measure(browser, real.url, output, ours),
        () => measure(browser, memory.url, `mib ${String(throughputMiB)}`, limit),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
      process.stderr.write(`  terminal ${String(round + 1)}/${String(rounds)}\n`);
    }
    const latency = (name: string, key: 'idleMs' | 'besideFloodMs') => [
      figure(
        { name: `${name}, median`, unit: 'ms', against },
        median(ours[key]),
        median(limit[key]),
      ),
      figure(
        { name: `${name}, 99th percentile`, unit: 'ms', against },
        percentile(ours[key], 0.99),
        percentile(limit[key], 0.99),
      ),
    ];
    return [
      ...latency('key to paint', 'idleMs'),
      ...latency('key to paint beside a flood', 'besideFloodMs'),
      figure(
        { name: `${String(throughputMiB)} MiB through to the screen`, unit: 'ms', against },
        median(ours.throughputMs),
        median(limit.throughputMs),
      ),
    ];
  } finally {
    await browser.close();
  }
}

async function measure(
  browser: Browser,
  url: string,
  output: string,
  measures: Measures,
): Promise<void> {
  // Playwright waits for what the probe says by code of its own, which the page does not allow.
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  try {
    await page.addInitScript(probe);
    await page.goto(url);
    await openTerminal(page, sandbox);
    measures.idleMs.push(...(await typeKeys(page)));
    await page.keyboard.press('Control+c');

    await page.keyboard.type(output.replace('all of it', '"all of"" it"'));
    await page.evaluate(`void (${untilText})('all of it')`);
    await page.keyboard.press('Enter');
    measures.throughputMs.push(await page.evaluate<number>('window.shown'));

    await page.keyboard.type('yes\n');
    await page.keyboard.press('Control+Shift+E');
    await prompt(page);
    measures.besideFloodMs.push(...(await typeKeys(page)));
    await page.keyboard.press('Alt+Shift+ArrowLeft');
    await page.keyboard.press('Control+c');
  } finally {
    await page.close();
  }
}

/** Each key waits for the one before to be seen. */
async function typeKeys(page: Page): Promise<readonly number[]> {
  await page.evaluate('window.samples.length = 0');
  for (let key = 1; key <= keysPerRound; key += 1) {
    await page.keyboard.press('x');
    await page.waitForFunction(`window.samples.length >= ${String(key)}`);
  }
  return page.evaluate<number[]>('window.samples.slice()');
}
