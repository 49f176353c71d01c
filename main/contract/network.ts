/** The network of a running sandbox, as clients see and change it. */
import { z } from 'zod';
import { destinationSchema } from './config/network-rule.ts';
import { networkFields, networkSchema, portSchema } from './config/network.ts';
import { errorDataSchema } from './error.ts';
import { sandboxNameSchema } from './sandbox-name.ts';

const protocolSchema = z.enum(['tcp', 'udp', 'icmp', 'dns']);
const actionSchema = z.enum(['allow', 'deny']);

/** What a policy says of one destination, and why. */
export const verdictSchema = z.object({
  verdict: actionSchema,
  /** The rule that decided, as a person would write it: `deny private`, `policy public`. */
  rule: z.string(),
  /** Where that rule stands: `rules.0`, `deny.2`, `temporary`, `policy`, `built-in`. */
  source: z.string(),
  /** One sentence. */
  reason: z.string(),
});

/** See {@link verdictSchema}. */
export type Verdict = z.infer<typeof verdictSchema>;

/** A decision of the gateway. Those that repeat are one entry with a count. */
export const decisionSchema = verdictSchema.extend({
  /** Counts up within a run of the host process; an entry that repeats keeps its id. */
  id: z.number(),
  /** Of the first and of the latest time. */
  firstAtMs: z.number(),
  atMs: z.number(),
  count: z.number(),
  direction: z.enum(['egress', 'ingress']),
  protocol: protocolSchema,
  /** The other side; absent where there was a name alone. */
  address: z.string().optional(),
  /** Port that was connected to. */
  port: z.number().optional(),
  /** As the guest asked for it by DNS, TLS or HTTP. */
  name: z.string().optional(),
});

/** See {@link decisionSchema}. */
export type Decision = z.infer<typeof decisionSchema>;

/** A published port of a running sandbox. */
export const publishedPortSchema = z.object({
  /** As in the configuration: `8080:80`. */
  port: z.string(),
  bind: z.string(),
  hostPort: z.number(),
  guestPort: z.number(),
  protocol: z.enum(['tcp', 'udp']),
  /** `waiting`: the sandbox does not run. */
  state: z.enum(['listening', 'failed', 'waiting']),
  /** Why it failed. */
  problem: errorDataSchema.optional(),
  /** Where other machines can reach it. */
  warning: z.string().optional(),
});

/** See {@link publishedPortSchema}. */
export type PublishedPort = z.infer<typeof publishedPortSchema>;

/** A rule that lasts until the sandbox stops. */
export const temporaryRuleSchema = z.object({ action: actionSchema, destination: z.string() });

/** See {@link temporaryRuleSchema}. */
export type TemporaryRule = z.infer<typeof temporaryRuleSchema>;

/** What the network of a sandbox does now. */
export const networkStatusSchema = z.object({
  /** `up`: packets flow. `down`: the gateway is being started again. `none`: it does not run. */
  link: z.enum(['up', 'down', 'none']),
  config: networkSchema,
  temporary: z.array(temporaryRuleSchema),
  /** In the order in which they are asked, the default last. */
  rules: z.array(z.object({ text: z.string(), source: z.string() })),
  ports: z.array(publishedPortSchema),
  /** Since the gateway was started. */
  traffic: z.object({
    sentBytes: z.number(),
    receivedBytes: z.number(),
    tcpConnections: z.number(),
    udpFlows: z.number(),
  }),
});

/** See {@link networkStatusSchema}. */
export type NetworkStatus = z.infer<typeof networkStatusSchema>;

/** What `network.watch` yields: first everything, then what changes. */
export const networkEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: networkStatusSchema }),
  /** New entries, and earlier ones with a new count. */
  z.object({ type: z.literal('decisions'), decisions: z.array(decisionSchema) }),
]);

/** See {@link networkEventSchema}. */
export type NetworkEvent = z.infer<typeof networkEventSchema>;

/** A port that a program of the guest listens on. */
export const guestPortSchema = z.object({
  protocol: z.enum(['tcp', 'udp']),
  address: z.string(),
  port: z.number(),
  /** Name of the program, where the guest knows it; the guest's own word. */
  command: z.string().optional(),
  /** A program that listens on the guest's loopback alone cannot be reached through a published port. */
  reach: z.enum(['any', 'loopback']),
  /** The published port that leads to it. */
  published: z.string().optional(),
  /** A host port that is free, the same number where it can be. */
  suggestedHostPort: z.number(),
});

/** See {@link guestPortSchema}. */
export type GuestPort = z.infer<typeof guestPortSchema>;

/** A destination that is asked about: a name or an address. */
export const networkQuestionSchema = z.strictObject({
  destination: z.string().min(1, 'A destination is needed.').max(300),
  /** 443 where neither this nor the destination says it. */
  port: z.int().min(1).max(65_535).optional(),
  protocol: z.enum(['tcp', 'udp', 'icmp']).default('tcp'),
});

/** See {@link networkQuestionSchema}. */
export type NetworkQuestion = z.input<typeof networkQuestionSchema>;

/** What would happen to a destination, step by step: the name first, then each of its addresses. */
export const networkAnswerSchema = z.object({
  /** `deny` where no way leads there. */
  verdict: actionSchema,
  summary: z.string(),
  steps: z.array(verdictSchema.extend({ what: z.string() })),
});

/** See {@link networkAnswerSchema}. */
export type NetworkAnswer = z.infer<typeof networkAnswerSchema>;

const byName = z.strictObject({ name: sandboxNameSchema });

/** What the procedures of the network take. */
export const networkInputs = {
  byName,
  /** Fields that are left out stay as they are. */
  set: byName.extend({
    policy: networkFields.policy.unwrap().optional(),
    allow: networkFields.allow.unwrap().optional(),
    deny: networkFields.deny.unwrap().optional(),
    rules: networkFields.rules.unwrap().optional(),
    bandwidth: networkFields.bandwidth.unwrap().optional(),
  }),
  /** For good, or until the sandbox stops. An earlier decision on the same destination goes. */
  decide: byName.extend({
    action: z.enum(['allow', 'deny']),
    destination: destinationSchema(true),
    isTemporary: z.boolean().default(false),
  }),
  /** Takes back what was allowed or denied, for good and for now. */
  forget: byName.extend({ destination: destinationSchema(true) }),
  port: byName.extend({ port: portSchema }),
  test: networkQuestionSchema.extend({ name: sandboxNameSchema }),
  /** Of a configuration that no sandbox has yet. */
  testConfig: networkQuestionSchema.extend({ network: networkSchema }),
} as const;
