/**
 * The list of 200 sandboxes while their stats tick and twenty of them change each second: its frame
 * times, against the same window with nothing in it; and how long it takes from a click on one of
 * them until its page is painted, against the same window with four of them.
 */
import type { Browser, Page } from '@playwright/test';
import { frameTimes } from './page-frames.ts';
import { figure, median, percentile, type Figure } from './statistics.ts';
import { inPage, launchBrowser, sceneUrl } from './window-browser.ts';
import { serveMemoryHost } from './window-hosts.ts';

const framesPerRound = 300;
const clicksPerRound = 10;
const busy = 'fake=many&changes=20';

/** The median is what the display allows; the 99th percentile is what one notices. */
export async function benchWindowList(rounds: number): Promise<Figure[]> {
  await using memory = await serveMemoryHost();
  const browser = await launchBrowser();
  try {
    const full: number[] = [];
    const empty: number[] = [];
    const clicks: number[] = [];
    const calmClicks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const sides = [
        async () => {
          full.push(...(await frames(browser, sceneUrl(memory.url, busy))));
          clicks.push(...(await clicksToPaint(browser, sceneUrl(memory.url, busy))));
        },
        async () => {
          empty.push(...(await frames(browser, sceneUrl(memory.url, 'fake=empty'))));
          calmClicks.push(...(await clicksToPaint(browser, sceneUrl(memory.url, 'fake=some'))));
        },
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
      process.stderr.write(`  window-list ${String(round + 1)}/${String(rounds)}\n`);
    }
    return [
      ...figures('frame of the list', 'the same window, empty', full, empty),
      ...figures('click to page', 'the same window with four sandboxes', clicks, calmClicks),
    ];
  } finally {
    await browser.close();
  }
}

function figures(
  name: string,
  against: string,
  ours: readonly number[],
  baseline: readonly number[],
): Figure[] {
  const about = { unit: 'ms', against } as const;
  return [
    figure({ ...about, name: `${name}, median` }, median(ours), median(baseline)),
    figure(
      { ...about, name: `${name}, 99th percentile` },
      percentile(ours, 0.99),
      percentile(baseline, 0.99),
    ),
  ];
}

/** Milliseconds from one frame to the next. */
function frames(browser: Browser, url: string): Promise<number[]> {
  return inPage(browser, async (page) => {
    await openList(page, url);
    return frameTimes(page, framesPerRound);
  });
}

/** In the page: from a click until the frame with another heading is painted. */
const untilPainted = `(name) => new Promise((resolve) => {
  let from;
  addEventListener('click', (event) => { from = event.timeStamp; }, { capture: true, once: true });
  const observer = new MutationObserver(() => {
    if (document.querySelector('main h1')?.textContent !== name) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.now() - from);
      port2.postMessage(null);
    });
  });
  observer.observe(document.querySelector('main'), {
    childList: true, subtree: true, characterData: true,
  });
})`;

/** Milliseconds from a click on a sandbox in the list until its page is painted. */
function clicksToPaint(browser: Browser, url: string): Promise<number[]> {
  return inPage(browser, async (page) => {
    const times: number[] = [];
    await openList(page, url);
    for (let click = 0; click < clicksPerRound; click += 1) {
      const links = page.getByRole('main').getByRole('rowheader').getByRole('link');
      const link = links.nth(click % (await links.count()));
      const name = await link.innerText();
      const time = page.evaluate<number>(`(${untilPainted})(${JSON.stringify(name)})`);
      await link.click();
      times.push(await time);
      await page.goBack();
      await page.getByRole('heading', { name: 'Sandboxes', level: 1 }).waitFor();
    }
    return times;
  });
}

async function openList(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { name: 'Sandboxes', level: 1 }).waitFor();
}
