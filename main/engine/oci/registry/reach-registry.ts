/** The first steps to a registry: its name becomes an address, and something listens there. */
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { networkError, TransientError } from './network-error.ts';
import { proxyFor, type ProxyEnvironment } from './proxy.ts';
import { quote } from '../quote.ts';

/** What a step found. */
interface Reached {
  readonly result: 'pass' | 'skip';
  readonly evidence: string;
}

const maxAddresses = 4;
const connectMs = 10_000;

/** Throws `registry/name-unknown`, or a TransientError where the name server does not answer. */
export async function lookUpName(
  origin: URL,
  environment: ProxyEnvironment,
  signal: AbortSignal,
): Promise<Reached> {
  const proxy = proxyFor(origin, environment);
  if (proxy !== undefined) {
    return { result: 'skip', evidence: `The proxy ${quote(proxy.host)} looks names up.` };
  }
  const host = bareHost(origin);
  if (isIP(host) !== 0) return { result: 'skip', evidence: `${host} is an address.` };
  try {
    const found = await unlessAborted(lookup(host, { all: true }), signal);
    const addresses = found.slice(0, maxAddresses).map(({ address }) => address);
    return { result: 'pass', evidence: `${quote(host)} has the address ${addresses.join(', ')}.` };
  } catch (error) {
    throw networkError(error, origin);
  }
}

/** Tries the ports in turn, or the proxy's. Throws `registry/unreachable`. */
export async function reachPort(
  origins: readonly URL[],
  environment: ProxyEnvironment,
  signal: AbortSignal,
): Promise<Reached> {
  let failure: unknown;
  for (const origin of origins) {
    const proxy = proxyFor(origin, environment);
    const end = proxy ?? origin;
    const port = end.port === '' ? (end.protocol === 'https:' ? 443 : 80) : Number(end.port);
    try {
      await knock(bareHost(end), port, signal);
      const what = proxy === undefined ? '' : `the proxy ${quote(proxy.host)}, `;
      return { result: 'pass', evidence: `Something listens at ${what}port ${String(port)}.` };
    } catch (error) {
      failure ??= networkError(error, origin, proxy?.host);
    }
  }
  throw failure instanceof TransientError ? failure.error : failure;
}

async function knock(host: string, port: number, signal: AbortSignal): Promise<void> {
  const socket = connect({ host, port, timeout: connectMs });
  socket.on('timeout', () => {
    socket.destroy(Object.assign(new Error('The connect timed out.'), { code: 'ETIMEDOUT' }));
  });
  try {
    await once(socket, 'connect', { signal });
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

/** A look-up cannot be ended; it is left to itself. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(new Error('The look-up was ended.'));
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
