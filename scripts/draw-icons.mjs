/** Draws assets/icons/*.png from assets/icon.svg; run by hand when the drawing changes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from '@playwright/test';

/** Sizes in pixels: the desktop's icon themes, and 1024 for macOS. */
const sizes = [64, 128, 256, 512, 1024];

const assets = path.resolve(import.meta.dirname, '../assets');
const svg = await readFile(path.join(assets, 'icon.svg'), 'utf8');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath });
try {
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
    const file = path.join(assets, 'icons', `${size}x${size}.png`);
    await page.screenshot({ path: file, omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
