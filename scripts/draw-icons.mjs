/** Draws the PNGs of assets/icons and assets/tray; run by hand when a drawing changes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from '@playwright/test';

const assets = path.resolve(import.meta.dirname, '../assets');

/** Sizes in pixels: the desktop's icon themes, and 1024 for macOS. */
const iconSizes = [64, 128, 256, 512, 1024];

const drawings = [
  ...iconSizes.map((size) => ({ from: 'icon.svg', to: `icons/${size}x${size}.png`, size })),
  // A panel may be light or dark, so that where no shape is taken the colours are drawn.
  { from: 'icon.svg', to: 'tray/tray.png', size: 32 },
  { from: 'tray/tray.svg', to: 'tray/trayTemplate.png', size: 16 },
  { from: 'tray/tray.svg', to: 'tray/trayTemplate@2x.png', size: 32 },
];

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath });
try {
  for (const { from, to, size } of drawings) {
    const svg = await readFile(path.join(assets, from), 'utf8');
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block}</style>${svg}`);
    await page.screenshot({ path: path.join(assets, to), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
