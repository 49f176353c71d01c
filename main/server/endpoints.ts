/** The paths that a host process serves, on the unix socket and on the loopback address alike. */

/** WebSocket with the procedures of the contract. */
export const rpcPath = '/rpc';

/** On the unix socket alone: GET answers with the address for a browser, as JSON `{"url"}`. */
export const addressPath = '/address';

/** WebSocket with the bytes of one session. */
export function sessionPath(sessionId: string): string {
  return `/sessions/${encodeURIComponent(sessionId)}`;
}

/** A WebSocket that a client asked for. */
export type SocketEndpoint =
  { readonly kind: 'rpc' } | { readonly kind: 'session'; readonly id: string };

/** Reads the path of an upgrade request; undefined where nothing is served. */
export function parseSocketEndpoint(pathname: string): SocketEndpoint | undefined {
  if (pathname === rpcPath) return { kind: 'rpc' };
  const [, encoded] = /^\/sessions\/([^/]{1,256})$/.exec(pathname) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return { kind: 'session', id: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}
