/**
 * From the moment when the files that the first page needs are there until it is painted, against a
 * page that is a single word.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser } from '@playwright/test';
import { compare, type Figure } from './statistics.ts';
import { inPage, launchBrowser, sceneUrl } from './window-browser.ts';
import { serveMemoryHost } from './window-hosts.ts';

/** A window is opened in a browser that has never seen it, and in one whose cache knows its code. */
export async function benchWindowStart(rounds: number): Promise<Figure[]> {
  await using memory = await serveMemoryHost();
  const word = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><h1>Sandboxes</h1>');
  }).listen(0, '127.0.0.1');
  await once(word, 'listening');
  const { port } = word.address() as AddressInfo;
  const about = {
    name: 'files to first paint',
    unit: 'ms',
    against: 'a page of one word',
  } as const;
  const url = sceneUrl(memory.url, 'fake=many');
  try {
    return [
      await compare(
        about,
        rounds,
        () => inNewBrowser((browser) => firstPaint(browser, url)),
        () => inNewBrowser((browser) => firstPaint(browser, `http://127.0.0.1:${String(port)}/`)),
      ),
    ];
  } finally {
    word.closeAllConnections();
    word.close();
  }
}

async function inNewBrowser<Result>(use: (browser: Browser) => Promise<Result>): Promise<Result> {
  const browser = await launchBrowser();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Milliseconds from the last byte of the files that were needed to the first paint of contents. */
function firstPaint(browser: Browser, url: string): Promise<number> {
  return inPage(browser, async (page) => {
    await page.goto(url);
    return page.evaluate<number>(`new Promise((resolve) => {
      new PerformanceObserver((list) => {
        const painted = list.getEntriesByName('first-contentful-paint')[0];
        if (painted === undefined) return;
        const files = [...performance.getEntriesByType('resource'),
          ...performance.getEntriesByType('navigation')]
          .map(({ responseEnd }) => responseEnd)
          .filter((end) => end > 0 && end <= painted.startTime);
        resolve(painted.startTime - Math.max(...files));
      }).observe({ type: 'paint', buffered: true });
    })`);
  });
}
