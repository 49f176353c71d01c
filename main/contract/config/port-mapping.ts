/** Published ports, as people write them. Pure. */
import ipaddr from 'ipaddr.js';
import { bracketed, canonicalAddress } from './destination.ts';

/** `HOST:GUEST`, with an address of the host before it and `/tcp` or `/udp` behind it if wanted. */
export const portPattern =
  /^(?:(\[[0-9A-Fa-f:.]+\]|[0-9.]+):)?(\d{1,5}):(\d{1,5})(?:\/(tcp|udp))?$/;

/** A published port: what connects to it at the host comes to a port of the guest. */
export interface PortMapping {
  /** Address of the host that is listened on, in its canonical form. */
  readonly bind: string;
  readonly hostPort: number;
  readonly guestPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** What is listened on at the host, wherever in the guest it leads to. */
export type HostListener = Omit<PortMapping, 'guestPort'>;

/** Reads a published port; undefined where the text is none. */
export function parsePortMapping(text: string): PortMapping | undefined {
  const [, at = '127.0.0.1', host = '', guest = '', protocol = 'tcp'] =
    portPattern.exec(text) ?? [];
  const bind = canonicalAddress(at.replace(/^\[|\]$/g, ''));
  const hostPort = Number(host);
  const guestPort = Number(guest);
  const isPort = (port: number): boolean => port >= 1 && port <= 65_535;
  if (host === '' || bind === undefined || !isPort(hostPort) || !isPort(guestPort)) {
    return undefined;
  }
  return { bind, hostPort, guestPort, protocol: protocol === 'udp' ? 'udp' : 'tcp' };
}

/** The shortest text that {@link parsePortMapping} reads back to the same. */
export function formatPortMapping({ bind, hostPort, guestPort, protocol }: PortMapping): string {
  const at = bind === '127.0.0.1' ? '' : `${bracketed(bind)}:`;
  const ports = `${String(hostPort)}:${String(guestPort)}`;
  return `${at}${ports}${protocol === 'udp' ? '/udp' : ''}`;
}

/** What is listened on, by which two published ports are told apart: `127.0.0.1:8080/tcp`. */
export function listenerOf({ bind, hostPort, protocol }: HostListener): string {
  return `${bracketed(bind)}:${String(hostPort)}/${protocol}`;
}

/** Whether two are one published port: at one place of the host, and leading to one of the guest. */
export function isSamePort(a: PortMapping, b: PortMapping): boolean {
  return listenerOf(a) === listenerOf(b) && a.guestPort === b.guestPort;
}

/** Whether other machines can reach the port. */
export function isBeyondLoopback({ bind }: PortMapping): boolean {
  return ipaddr.process(bind).range() !== 'loopback';
}
