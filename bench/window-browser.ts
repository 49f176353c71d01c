/** The browser that windows are measured in. */
import { chromium, type Browser, type Page } from '@playwright/test';

/** Chromium of the distribution; whoever launches it closes it. */
export function launchBrowser(...args: readonly string[]): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...root, ...args] });
}

/** Does something in a page of its own, where what of this machine is worth knowing was looked at. */
export async function inPage<Result>(
  browser: Browser,
  use: (page: Page) => Promise<Result>,
): Promise<Result> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    // The probes are code of their own, which the page does not allow.
    bypassCSP: true,
  });
  try {
    await page.addInitScript(
      `localStorage.setItem('skerry.first-run', '{"state":{"seen":{}},"version":1}')`,
    );
    return await use(page);
  } finally {
    await page.close();
  }
}

/** The in-memory window with a scene: see `renderer/bridge/fake/fake-scenes.ts`. */
export function sceneUrl(url: string, scene: string): string {
  return `${url.split('?')[0] ?? url}?${scene}`;
}
