import { open, realpath } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { notBuiltPage, notFoundPage } from './pages.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** Answers with a page. */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : html);
}

/**
 * Answers a GET or HEAD with a file of `rootDir`, and never with one outside, whatever the path
 * says and wherever links lead. Vite names what is under `/assets/` by its content.
 */
export async function sendStaticFile(
  rootDir: string,
  pathname: string,
  response: ServerResponse,
): Promise<void> {
  const isStart = pathname === '/';
  const file = await findFile(rootDir, isStart ? '/index.html' : pathname);
  const handle = file === undefined ? undefined : await open(file);
  try {
    const stat = await handle?.stat();
    if (handle === undefined || stat?.isFile() !== true || file === undefined) {
      sendPage(response, isStart ? 503 : 404, isStart ? notBuiltPage() : notFoundPage());
      return;
    }
    response.writeHead(200, {
      'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      'content-length': stat.size,
      'cache-control': cacheControl(pathname),
    });
    if (response.req.method === 'HEAD' || stat.size === 0) {
      response.end();
      return;
    }
    const body = handle.createReadStream({ autoClose: false, end: stat.size - 1 });
    await pipeline(body, response);
  } finally {
    await handle?.close();
  }
}

function cacheControl(pathname: string): string {
  if (pathname.startsWith('/assets/')) return 'private, max-age=31536000, immutable';
  return pathname === '/' || pathname.endsWith('.html') ? 'no-store' : 'no-cache';
}

/** The real path of a file, or undefined where there is none inside the folder. */
async function findFile(rootDir: string, pathname: string): Promise<string | undefined> {
  const segments = decodeSegments(pathname);
  if (segments === undefined) return undefined;
  try {
    const root = await realpath(rootDir);
    const file = await realpath(path.join(root, ...segments));
    return file.startsWith(root + path.sep) ? file : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') {
      return undefined;
    }
    throw error;
  }
}

/** Each segment is decoded once, after the path was split, and may hold no separator. */
function decodeSegments(pathname: string): string[] | undefined {
  const segments: string[] = [];
  for (const encoded of pathname.split('/').slice(1)) {
    let segment: string;
    try {
      segment = decodeURIComponent(encoded);
    } catch {
      return undefined;
    }
    if (segment === '' || segment.startsWith('.') || /[/\\\0]/.test(segment)) return undefined;
    segments.push(segment);
  }
  return segments;
}
