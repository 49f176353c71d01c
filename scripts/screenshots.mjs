/**
 * `npm run screenshots [-- --language de] [-- --format png] [-- --out DIR] [-- PAGE…]`: every page
 * of the window, in both themes, over the in-memory host. Run by hand when a page changes; look at
 * what comes out.
 */
import { Buffer } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { projectDir } from './build.mjs';
import { pages } from './screenshot-pages.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: 'string', default: 'en' },
    // Small enough to be kept beside the text that shows them.
    format: { type: 'string', default: 'webp' },
    out: { type: 'string', default: path.join(projectDir, 'docs/screenshots') },
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '800' },
  },
});
const size = { width: Number(values.width), height: Number(values.height) };
const chosen = pages.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0) {
  throw new Error(`There are only ${pages.map(({ name }) => name).join(', ')}.`);
}

const files = await mkdtemp(path.join(tmpdir(), 'skerry-screenshots-'));
try {
  process.env.VITE_SKERRY_FAKE = '1';
  await build({
    configFile: path.join(projectDir, 'renderer/vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: files, emptyOutDir: true },
  });
  const server = await serve(files);
  try {
    await photograph(`http://127.0.0.1:${String(server.address().port)}`);
  } finally {
    server.close();
  }
} finally {
  await rm(files, { recursive: true, force: true });
}

/** Serves the files of a folder on a free port. */
async function serve(folder) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = path.join(folder, pathname === '/' ? 'index.html' : path.normalize(pathname));
    response.setHeader('content-type', types[path.extname(file)] ?? 'application/octet-stream');
    createReadStream(file)
      .on('error', () => {
        response.writeHead(404).end();
      })
      .pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Takes every page in both themes. */
async function photograph(origin) {
  await mkdir(values.out, { recursive: true });
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const theme of ['light', 'dark']) {
      for (const { name, scene = 'some', hash, prepare, isFirstRun = false } of chosen) {
        const context = await browser.newContext({
          viewport: size,
          colorScheme: theme,
          reducedMotion: 'reduce',
          locale: values.language,
        });
        const page = await context.newPage();
        if (!isFirstRun) await page.addInitScript(afterFirstRun);
        await page.goto(`${origin}/?fake=${scene}${hash}`);
        await page.getByRole('main').waitFor();
        await page.waitForLoadState('networkidle');
        await prepare?.(page);
        const file = path.join(values.out, `${name}-${theme}.${values.format}`);
        await writeFile(file, await capture(page));
        process.stdout.write(`${file}\n`);
        await context.close();
      }
    }
  } finally {
    await browser.close();
  }
}

/** Runs in the page: what of this machine is worth knowing was looked at. */
function afterFirstRun() {
  const seen = { state: { seen: {} }, version: 1 };
  globalThis.localStorage.setItem('skerry.first-run', JSON.stringify(seen));
}

/** Playwright itself makes no WebP. */
async function capture(page) {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: values.format,
    ...(values.format === 'png' ? {} : { quality: 82 }),
  });
  return Buffer.from(data, 'base64');
}
