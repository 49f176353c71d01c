/**
 * From the moment when the files that the page names are there until it is painted for the first
 * time, against a page that is a single word. The host in the window's memory is empty, so that
 * making it up counts for little; fetching and running its code counts, though no user has it.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser } from '@playwright/test';
import { compare, type Figure } from './statistics.ts';
import { inPage, launchBrowser, sceneUrl } from './window-browser.ts';
import { serveMemoryHost } from './window-hosts.ts';

/** Every window is opened in a browser that has never seen it. */
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
  const url = sceneUrl(memory.url, 'fake=empty');
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
        const named = [...document.querySelectorAll('script[src], link[href]:not([rel=icon])')];
        const addresses = new Set(named.map(({ src, href }) => src ?? href));
        const ends = [...performance.getEntriesByType('resource'),
          ...performance.getEntriesByType('navigation')]
          .filter(({ name, entryType }) => entryType === 'navigation' || addresses.has(name))
          .map(({ responseEnd }) => responseEnd);
        resolve(painted.startTime - Math.max(...ends));
      }).observe({ type: 'paint', buffered: true });
    })`);
  });
}
