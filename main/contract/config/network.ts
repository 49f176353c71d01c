/** What a sandbox may reach, and what of it can be reached. */
import { z } from 'zod';
import { listWithOtherProblems } from './every-problem.ts';
import { destinationSchema, maxNetworkEntries, networkRuleSchema } from './network-rule.ts';
import { listenerOf, parsePortMapping, portPattern } from './port-mapping.ts';

/** A published port; see `port-mapping.ts`. */
export const portSchema = z
  .string('A port is text in quotes: "8080:80".')
  .refine((text) => parsePortMapping(text) !== undefined, {
    message: 'A port is written HOST:GUEST, with "/udp" behind it if it is no TCP port: "8080:80".',
  })
  .meta({ pattern: portPattern.source });

const rateRange = 'A rate in Mbit/s is a number from 0.1 to 100000.';
const rateSchema = z.number(rateRange).min(0.1, rateRange).max(100_000, rateRange).optional();

/** The presets of a policy. */
const networkPolicies = ['none', 'public', 'allow-list', 'all'] as const;

/** The fields of a network, each by itself. */
export const networkFields = {
  policy: z
    .enum(networkPolicies, 'A network policy is "none", "public", "allow-list" or "all".')
    .default('public')
    .describe('Nothing, public addresses, only what is allowed, or everything.'),
  allow: z
    .array(destinationSchema(true))
    .max(maxNetworkEntries)
    .default([])
    .describe('Names, "*.name", addresses, CIDRs and groups that it may reach.'),
  deny: z
    .array(destinationSchema(true))
    .max(maxNetworkEntries)
    .default([])
    .describe('Names, "*.name", addresses, CIDRs and groups that it may not reach.'),
  rules: z
    .array(networkRuleSchema)
    .max(maxNetworkEntries)
    .default([])
    .describe('Rules that come before deny, allow and the policy; the first that matches decides.'),
  ports: z
    .array(portSchema)
    .max(maxNetworkEntries)
    .default([])
    .superRefine((ports, context) => {
      const seen = new Set<string>();
      for (const [index, text] of ports.entries()) {
        const port = typeof text === 'string' ? parsePortMapping(text) : undefined;
        if (port === undefined) continue;
        const key = listenerOf(port);
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
  /** Mbit/s, each way; unset for as fast as it goes. */
  bandwidth: z
    .strictObject({
      upload: rateSchema.describe('From the sandbox, in Mbit/s.'),
      download: rateSchema.describe('To the sandbox, in Mbit/s.'),
    })
    .default({})
    .describe('Limits in Mbit/s.'),
};

/** The network of a sandbox. */
export const networkSchema = z
  .strictObject(networkFields)
  .prefault({})
  .describe('What the sandbox may reach, and what of it can be reached.');

/** See {@link networkSchema}. */
export type NetworkConfig = z.output<typeof networkSchema>;
