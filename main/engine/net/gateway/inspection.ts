/** The first bytes of a connection, until they say which server is meant. */
import { readServerName } from '../wire/client-hello.ts';
import { readHttpHost } from '../wire/http-request.ts';

/** What the first bytes say. */
export type Inspected =
  | { readonly state: 'more' }
  /** `name` is null where there is none, or nothing that has one. */
  | { readonly state: 'done'; readonly name: string | null; readonly isHttp: boolean }
  /** It begins as TLS or HTTP and is neither: nobody can say what it would be taken for. */
  | { readonly state: 'malformed'; readonly isHttp: boolean };

/** Bytes that are looked at, at most. */
export const maxInspectedBytes = 32 * 1024;

/** Looks at the beginning of what a client says. */
export function inspectFirstBytes(bytes: Uint8Array): Inspected {
  const tls = readServerName(bytes);
  switch (tls.state) {
    case 'name':
      return { state: 'done', name: tls.name, isHttp: false };
    case 'none':
      return { state: 'done', name: null, isHttp: false };
    case 'malformed':
      return { state: 'malformed', isHttp: false };
    case 'more':
      if (bytes.length >= maxInspectedBytes) return { state: 'malformed', isHttp: false };
      return { state: 'more' };
    case 'not-tls':
  }
  const http = readHttpHost(bytes);
  switch (http.state) {
    case 'host':
      return { state: 'done', name: http.host, isHttp: true };
    case 'none':
      return { state: 'done', name: null, isHttp: true };
    case 'malformed':
      return { state: 'malformed', isHttp: true };
    case 'more':
      return { state: 'more' };
    case 'not-http':
      return { state: 'done', name: null, isHttp: false };
  }
}

/** What a plain HTTP request that was refused is told. */
export function forbiddenResponse(rule: string, reason: string): Uint8Array {
  const text = `Skerry refused this request.\nRule: ${rule}\nReason: ${reason}\n`.replace(
    /[^\n\x20-\x7e]/g,
    '?',
  );
  const head = [
    'HTTP/1.1 403 Forbidden',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${String(text.length)}`,
    `X-Skerry-Rule: ${rule.replace(/[^\x20-\x7e]/g, '?')}`,
    'Connection: close',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`, 'latin1');
}
