/**
 * Frame times of the list of 200 sandboxes while their stats tick and twenty of them change each
 * second, against the same window with nothing in it.
 */
import { chromium, type Browser } from '@playwright/test';
import { figure, median, percentile, type Figure } from './statistics.ts';
import { serveMemoryHost } from './window-hosts.ts';

const framesPerRound = 300;

/** The median is what the display allows; the 99th percentile is what one notices. */
export async function benchWindowList(rounds: number): Promise<Figure[]> {
  await using memory = await serveMemoryHost();
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const full: number[] = [];
    const empty: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const sides = [
        async () => full.push(...(await frames(browser, memory.url, 'fake=many&changes=20'))),
        async () => empty.push(...(await frames(browser, memory.url, 'fake=empty'))),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) await side();
      process.stderr.write(`  window-list ${String(round + 1)}/${String(rounds)}\n`);
    }
    const about = { unit: 'ms', against: 'the same window, empty' } as const;
    return [
      figure({ ...about, name: 'frame of the list, median' }, median(full), median(empty)),
      figure(
        { ...about, name: 'frame of the list, 99th percentile' },
        percentile(full, 0.99),
        percentile(empty, 0.99),
      ),
    ];
  } finally {
    await browser.close();
  }
}

/** Milliseconds from one frame to the next. */
async function frames(browser: Browser, url: string, scene: string): Promise<number[]> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  try {
    // What of this machine is worth knowing was looked at.
    await page.addInitScript(
      `localStorage.setItem('skerry.first-run', '{"state":{"seen":{}},"version":1}')`,
    );
    await page.goto(`${url.split('?')[0] ?? url}?${scene}`);
    await page.getByRole('heading', { name: 'Sandboxes', level: 1 }).waitFor();
    return await page.evaluate<number[]>(
      `new Promise((resolve) => {
        const times = [];
        let last;
        const onFrame = (now) => {
          if (last !== undefined) times.push(now - last);
          last = now;
          if (times.length < ${String(framesPerRound)}) requestAnimationFrame(onFrame);
          else resolve(times);
        };
        requestAnimationFrame(onFrame);
      })`,
    );
  } finally {
    await page.close();
  }
}
