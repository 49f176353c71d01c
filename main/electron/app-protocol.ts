/**
 * Serves the built renderer as `app://skerry/`: read-only, from one folder, with the headers that
 * the browser host sends too. Nothing outside the folder can be named.
 */
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { protocol, type Protocol } from 'electron';
import { appScheme, isAppUrl } from './app-origin.ts';
import { rendererHeaders } from './renderer-headers.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** Must run before Electron is ready: a standard, secure origin that `fetch` may use, no more. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Answers the scheme in one session's protocol registry. */
export function serveAppScheme(registry: Protocol, rendererDir: string): void {
  registry.handle(appScheme, createAppResponder(rendererDir));
}

/** What answers a request for a file of the renderer. */
export function createAppResponder(rendererDir: string): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    if (!isAppUrl(request.url)) return refuse(404);
    const file = await findFile(rendererDir, new URL(request.url).pathname);
    const contentType = contentTypes[path.extname(file ?? '').toLowerCase()];
    if (file === undefined || contentType === undefined) return refuse(404);
    const headers = { ...rendererHeaders, 'Content-Type': contentType };
    try {
      const body = request.method === 'HEAD' ? null : new Uint8Array(await readFile(file));
      return new Response(body, { headers });
    } catch {
      return refuse(404);
    }
  };
}

/** The file a URL's path names, or undefined where there is none inside the folder. */
async function findFile(rendererDir: string, pathname: string): Promise<string | undefined> {
  const decoded = decodePath(pathname);
  if (decoded === undefined || /[\0\\]/.test(decoded)) return undefined;
  const named = path.join(rendererDir, decoded === '/' ? 'index.html' : decoded);
  if (!isInside(rendererDir, named)) return undefined;
  try {
    // A symbolic link may not lead out of the folder either.
    const [root, file] = await Promise.all([realpath(rendererDir), realpath(named)]);
    return isInside(root, file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function decodePath(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

function refuse(status: 404 | 405): Response {
  return new Response(null, { status, headers: rendererHeaders });
}
