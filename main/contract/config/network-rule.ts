/** One rule of a network policy. */
import { z } from 'zod';
import { parseDestination } from './destination.ts';

/** Most rules, destinations or ports of one sandbox. */
export const maxNetworkEntries = 1024;

const portRangePattern = /^\d{1,5}(?:-\d{1,5})?$/;

/** Ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Reads `443` or `8000-8999`; undefined where the text is neither. */
export function parsePortRange(text: string): PortRange | undefined {
  if (!portRangePattern.test(text)) return undefined;
  const [first = 0, last = first] = text.split('-').map(Number);
  return first >= 1 && last <= 65_535 && first <= last ? { first, last } : undefined;
}

const portRangeSchema = z
  .union([z.string(), z.int()], 'A port is a number, or two with "-" between them.')
  .transform(String)
  .refine((text) => parsePortRange(text) !== undefined, {
    message: 'A port is a number from 1 to 65535, or two with "-" between them: "8000-8999".',
  });

/** A destination with a port behind it, if it may have one. */
export function destinationSchema(withPort: boolean) {
  return z
    .string('A destination is text: a name, "*.name", an address, a CIDR or a group.')
    .max(300, 'A destination has at most 300 characters.')
    .superRefine((text, context) => {
      const reading = parseDestination(text);
      if (!reading.ok) context.addIssue({ code: 'custom', message: reading.problem });
      else if (!withPort && reading.port !== undefined) {
        const message = 'A rule has its ports in "ports".';
        context.addIssue({ code: 'custom', message });
      }
    });
}

/** A rule: the first one that matches decides. */
export const networkRuleSchema = z
  .strictObject({
    action: z.enum(['allow', 'deny'], 'An action is "allow" or "deny".'),
    direction: z
      .enum(['egress', 'ingress', 'any'], 'A direction is "egress", "ingress" or "any".')
      .default('egress')
      .describe('From the sandbox, to its published ports, or both.'),
    destination: destinationSchema(false)
      .default('any')
      .describe('The other side: a name, "*.name", an address, a CIDR, a group or "any".'),
    protocols: z
      .array(z.enum(['tcp', 'udp', 'icmp'], 'A protocol is "tcp", "udp" or "icmp".'))
      .max(3)
      .default([])
      .describe('Empty for every protocol.'),
    ports: z
      .array(portRangeSchema)
      .max(64)
      .default([])
      .describe('Ports that are connected to, as "443" or "8000-8999"; empty for every port.'),
  })
  .describe('The first rule that matches decides.');

/** See {@link networkRuleSchema}. */
export type NetworkRule = z.output<typeof networkRuleSchema>;
