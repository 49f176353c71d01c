/** What a sandbox may reach, and what of it can be reached. */
import { z } from 'zod';
import { listWithOtherProblems } from './every-problem.ts';

const maxEntries = 1024;

/** `HOST:GUEST`, with an address of the host before it and `/tcp` or `/udp` behind it if wanted. */
const portPattern = /^(?:(\[[0-9A-Fa-f:.]+\]|[0-9.]+):)?(\d{1,5}):(\d{1,5})(?:\/(tcp|udp))?$/;

/** A published port, parsed. */
export interface PortMapping {
  /** Address of the host that is listened on. */
  readonly bind: string;
  readonly hostPort: number;
  readonly guestPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** Reads a published port; undefined where the text is none. */
function parsePortMapping(text: string): PortMapping | undefined {
  const [, bind = '127.0.0.1', host = '', guest = '', protocol = 'tcp'] =
    portPattern.exec(text) ?? [];
  const hostPort = Number(host);
  const guestPort = Number(guest);
  const isPort = (port: number): boolean => port >= 1 && port <= 65_535;
  if (host === '' || !isPort(hostPort) || !isPort(guestPort)) return undefined;
  return { bind, hostPort, guestPort, protocol: protocol === 'udp' ? 'udp' : 'tcp' };
}

const portSchema = z
  .string('A port is text in quotes: "8080:80".')
  .refine((text) => parsePortMapping(text) !== undefined, {
    message: 'A port is written HOST:GUEST, with "/udp" behind it if it is no TCP port: "8080:80".',
  })
  .meta({ pattern: portPattern.source });

const destinationSchema = z
  .string()
  .min(1, 'A destination is needed.')
  .max(253, 'A destination has at most 253 characters.')
  .regex(/^[A-Za-z0-9*._:/[\]-]+$/, 'A destination is a name, "*.name", an address or a CIDR.');

/** The network of a sandbox. */
export const networkSchema = z
  .strictObject({
    policy: z
      .enum(
        ['none', 'public', 'allow-list', 'all'],
        'A network policy is "none", "public", "allow-list" or "all".',
      )
      .default('public')
      .describe('Nothing, public addresses, only what is allowed, or everything.'),
    allow: z
      .array(destinationSchema)
      .max(maxEntries)
      .default([])
      .describe('Names, "*.name", addresses and CIDRs that it may reach.'),
    deny: z
      .array(destinationSchema)
      .max(maxEntries)
      .default([])
      .describe('Names, "*.name", addresses and CIDRs that it may not reach.'),
    ports: z
      .array(portSchema)
      .max(maxEntries)
      .default([])
      .superRefine((ports, context) => {
        const seen = new Set<string>();
        for (const [index, text] of ports.entries()) {
          const port = typeof text === 'string' ? parsePortMapping(text) : undefined;
          if (port === undefined) continue;
          const key = `${port.bind}:${String(port.hostPort)}/${port.protocol}`;
          if (seen.has(key)) {
            const message = `Two ports are published at ${key}.`;
            context.addIssue({ code: 'custom', path: [index], message });
          }
          seen.add(key);
        }
      }, listWithOtherProblems)
      .describe(
        'Ports of this machine that lead into the sandbox: HOST:GUEST, with an address before it and /tcp or /udp behind it if wanted.',
      ),
  })
  .prefault({})
  .describe('What the sandbox may reach, and what of it can be reached.');
