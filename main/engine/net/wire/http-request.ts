/**
 * The host that the first request of an HTTP/1 connection is for: RFC 9112, sections 3 and 5.
 * It reads as a strict server does: what two servers could read in two ways is malformed.
 */
import { formatAddress, parseAddress } from './address.ts';
import { byteText } from './bytes.ts';
import { isHostName } from './host-name.ts';

const maxHeadBytes = 16 * 1024;
const methods = 'GET HEAD POST PUT DELETE OPTIONS PATCH TRACE CONNECT PRI'
  .split(' ')
  .map((method) => `${method} `);
const longestMethod = Math.max(...methods.map(({ length }) => length));
/** RFC 9113, section 3.4, without the end of its line. */
const http2Preface = 'PRI * HTTP/2.0';
const defaultPorts = new Map([
  ['http', '80'],
  ['https', '443'],
]);

const cr = 13;
const lf = 10;
const tab = 9;

/** What the bytes say: RFC 9112, section 3. `more` where they are too few to tell. */
export type HttpHost =
  | {
      readonly state: 'host';
      /** In lower case; neither port nor final dot, an IPv6 address without brackets. */
      readonly host: string;
      readonly method: string;
      readonly target: string;
    }
  | { readonly state: 'none'; readonly method: string; readonly target: string }
  | { readonly state: 'more' }
  | { readonly state: 'not-http' }
  | { readonly state: 'malformed' };

/**
 * Reads the host of a request from the first bytes of a connection: RFC 9112, section 3.3. `none`
 * where the request names none, also where HTTP/2 begins (RFC 9113, section 3.4).
 */
export function readHttpHost(bytes: Uint8Array): HttpHost {
  const beginning = byteText(bytes, 0, Math.min(bytes.length, longestMethod));
  const method = methods.find((known) => beginning.startsWith(known));
  if (method === undefined) {
    return { state: methods.some((known) => known.startsWith(beginning)) ? 'more' : 'not-http' };
  }
  const lines = readHead(bytes);
  if (typeof lines === 'string') return { state: lines };
  const [requestLine = '', ...fields] = lines;
  if (requestLine === http2Preface) {
    if (fields.length > 0) return { state: 'malformed' };
    return { state: 'none', method: 'PRI', target: '*' };
  }
  if (method === 'PRI ') return { state: 'malformed' };
  return readRequest(requestLine, fields);
}

/** The lines before the empty one, or why there are none: RFC 9112, sections 2.1 and 2.2. */
function readHead(bytes: Uint8Array): readonly string[] | 'more' | 'malformed' {
  const lines: string[] = [];
  let start = 0;
  const limit = Math.min(bytes.length, maxHeadBytes);
  for (let at = 0; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === cr) {
      if (at + 1 === bytes.length) return 'more';
      if (bytes[at + 1] !== lf) return 'malformed';
      if (at === start) return lines;
      lines.push(byteText(bytes, start, at));
      at++;
      start = at + 1;
    } else if ((byte < 0x20 && byte !== tab) || byte === 0x7f) {
      return 'malformed';
    }
  }
  return bytes.length < maxHeadBytes ? 'more' : 'malformed';
}

interface Authority {
  readonly host: string;
  /** Empty where it is not said. */
  readonly port: string;
}

interface TargetAuthority extends Authority {
  /** Port that is meant where none is said. */
  readonly defaultPort: string;
}

function readRequest(requestLine: string, fields: readonly string[]): HttpHost {
  const parts = /^([A-Z]+) ([\x21-\x7e]+) HTTP\/1\.[0-9]$/.exec(requestLine);
  const [, method = '', target = ''] = parts ?? [];
  const hostField = findHost(fields);
  const asked = parts === null ? undefined : authorityOfTarget(method, target);
  if (asked === undefined || hostField === undefined) return { state: 'malformed' };
  // RFC 9112, section 3.2: an empty one says that the target has no authority.
  const said = hostField === '' || hostField === null ? null : parseAuthority(hostField);
  if (said === undefined) return { state: 'malformed' };
  if (asked !== null && hostField !== null) {
    if (said === null || !isSame(asked, said)) return { state: 'malformed' };
  }
  const authority = asked ?? said;
  if (authority === null) return { state: 'none', method, target };
  return { state: 'host', host: authority.host, method, target };
}

/**
 * The value of the Host field, null where there is none: RFC 9112, section 3.2. Undefined where a
 * field is malformed, folded (section 5.2), or the second Host.
 */
function findHost(fields: readonly string[]): string | null | undefined {
  let host: string | null = null;
  for (const field of fields) {
    // No blank may come before the colon (section 5.1), nor begin the line.
    const parts = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):(.*)$/.exec(field);
    if (parts === null) return undefined;
    const [, name = '', value = ''] = parts;
    if (name.toLowerCase() !== 'host') continue;
    if (host !== null) return undefined;
    host = withoutBlanks(value);
  }
  return host;
}

/** Optional white space is blanks and tabs only: RFC 9110, section 5.6.3. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === ' ' || text[at] === '\t';
  let start = 0;
  let end = text.length;
  while (isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return text.slice(start, end);
}

/** RFC 9112, section 3.2; null where the form has no authority, undefined where it is none. */
function authorityOfTarget(method: string, target: string): TargetAuthority | null | undefined {
  if (target.includes('#')) return undefined;
  if (method === 'CONNECT') {
    const authority = parseAuthority(target);
    // Clients leave the port out of the Host field.
    return authority?.port ? { ...authority, defaultPort: authority.port } : undefined;
  }
  if (target.startsWith('/')) return null;
  if (target === '*') return method === 'OPTIONS' ? null : undefined;
  const [, scheme, text] = /^([a-z][a-z0-9+.-]*):\/\/([^/?]*)/i.exec(target) ?? [];
  if (scheme === undefined || text === undefined) return undefined;
  const authority = parseAuthority(text);
  return authority && { ...authority, defaultPort: defaultPorts.get(scheme.toLowerCase()) ?? '' };
}

/** A host and a port, empty where it is not said: RFC 3986, section 3.2, without user. */
function parseAuthority(text: string): Authority | undefined {
  const parts = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::([0-9]{0,5}))?$/i.exec(text);
  const [, hostText = '', port = ''] = parts ?? [];
  if (parts === null || Number(port) > 0xffff) return undefined;
  const host = readHost(hostText.toLowerCase());
  // Leading zeros say nothing.
  return host === undefined ? undefined : { host, port: port.replace(/^0+(?=[0-9])/, '') };
}

function readHost(text: string): string | undefined {
  const isBracketed = text.startsWith('[');
  const address = parseAddress(isBracketed ? text.slice(1, -1) : text);
  if (address !== undefined) {
    return isBracketed === (address.length === 16) ? formatAddress(address) : undefined;
  }
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  return !isBracketed && isHostName(name) ? name : undefined;
}

/** Whether the Host field says what the target says. */
function isSame(asked: TargetAuthority, said: Authority): boolean {
  const portOf = ({ port }: Authority): string => (port === '' ? asked.defaultPort : port);
  return asked.host === said.host && portOf(asked) === portOf(said);
}
