/** A policy as the gateway asks it: one ordered list of rules. Pure. */
import {
  formatDestination,
  parseDestination,
  type Destination,
} from '../../../contract/config/destination.ts';
import {
  parsePortRange,
  type NetworkRule,
  type PortRange,
} from '../../../contract/config/network-rule.ts';
import type { NetworkConfig } from '../../../contract/config/network.ts';
import type { TemporaryRule } from '../../../contract/network.ts';

/** What is done with a flow. */
export type Action = 'allow' | 'deny';

/** A rule that was parsed. */
export interface PolicyRule {
  readonly action: Action;
  readonly direction: 'egress' | 'ingress' | 'any';
  readonly destination: Destination;
  /** Empty for any. */
  readonly protocols: readonly ('tcp' | 'udp' | 'icmp')[];
  /** Empty for any; never one of ICMP. */
  readonly ports: readonly PortRange[];
  /** As a person would write it: `deny private tcp 22`. */
  readonly text: string;
  /** Where it stands in the configuration: `rules.0`, `allow.2`, `temporary`, `policy`. */
  readonly source: string;
}

/** Ordered rules: the first that matches decides, else the default of the direction. */
export interface Policy {
  readonly defaultEgress: Action;
  readonly defaultIngress: Action;
  readonly rules: readonly PolicyRule[];
  /** Name of the preset, which is what the default comes from. */
  readonly preset: NetworkConfig['policy'];
  /** Whether any rule is about a name. */
  readonly hasNames: boolean;
}

/**
 * The order: what was decided for now, the latest first; `rules`; `deny`; `allow`; the preset. A
 * published port is one's own wish, so that nothing keeps others from it but a rule.
 * @param temporary the latest first
 * @throws where a rule cannot be read, which the schema does not let through
 */
export function compilePolicy(
  config: NetworkConfig,
  temporary: readonly TemporaryRule[] = [],
): Policy {
  const rules = [
    ...temporary.map(({ action, destination }) => listRule(action, destination, 'temporary')),
    ...config.rules.map((rule, index) => configRule(rule, `rules.${String(index)}`)),
    ...config.deny.map((text, index) => listRule('deny', text, `deny.${String(index)}`)),
    ...config.allow.map((text, index) => listRule('allow', text, `allow.${String(index)}`)),
    ...presetRules(config.policy),
  ];
  return {
    defaultEgress: config.policy === 'all' ? 'allow' : 'deny',
    defaultIngress: 'allow',
    rules,
    preset: config.policy,
    hasNames: rules.some(({ destination }) => isName(destination)),
  };
}

/** Whether a destination is a name and not an address. */
export function isName(
  destination: Destination,
): destination is Extract<Destination, { kind: 'domain' | 'suffix' }> {
  return destination.kind === 'domain' || destination.kind === 'suffix';
}

/** The rules and the default in words, in the order in which they are asked. */
export function describePolicy(policy: Policy): { text: string; source: string }[] {
  return [
    ...policy.rules.map(({ text, source }) => ({ text, source })),
    { text: defaultText(policy, 'egress'), source: 'policy' },
  ];
}

/** What decides where no rule does. */
export function defaultText(policy: Policy, direction: 'egress' | 'ingress'): string {
  if (direction === 'ingress') return `${policy.defaultIngress} connections to published ports`;
  return `policy ${policy.preset}: ${policy.defaultEgress} everything else`;
}

function presetRules(preset: NetworkConfig['policy']): PolicyRule[] {
  if (preset !== 'public') return [];
  const destination = { kind: 'group', group: 'public' } as const;
  const text = 'policy public: allow public';
  const any = { protocols: [], ports: [], direction: 'egress' } as const;
  return [{ action: 'allow', destination, text, source: 'policy', ...any }];
}

function listRule(action: Action, text: string, source: string): PolicyRule {
  const reading = parseDestination(text);
  // The schema has checked it; what cannot be read must not allow anything.
  if (!reading.ok) throw new Error(reading.problem);
  const { destination, port } = reading;
  const ports = port === undefined ? [] : [{ first: port, last: port }];
  return describe({
    ...{ action, direction: 'egress', destination, protocols: [], ports, source },
  });
}

function configRule(rule: NetworkRule, source: string): PolicyRule {
  const reading = parseDestination(rule.destination);
  if (!reading.ok) throw new Error(reading.problem);
  // A port that was left out would make the rule one of every port.
  if (reading.port !== undefined) throw new Error('A rule has its ports in "ports".');
  const ports = rule.ports.map(readPorts);
  const { action, direction, protocols } = rule;
  return describe({
    action,
    direction,
    destination: reading.destination,
    protocols,
    ports,
    source,
  });
}

function readPorts(text: string): PortRange {
  const range = parsePortRange(text);
  if (range === undefined) throw new Error(`"${text}" is no port.`);
  return range;
}

function describe(rule: Omit<PolicyRule, 'text'>): PolicyRule {
  const { action, direction, destination, protocols, ports } = rule;
  const words = [
    action,
    ...(direction === 'egress' ? [] : [direction]),
    formatDestination(destination),
    ...(protocols.length === 0 ? [] : [protocols.join(', ')]),
    ...(ports.length === 0
      ? []
      : [
          `port ${ports.map(({ first, last }) => (first === last ? String(first) : `${String(first)}-${String(last)}`)).join(', ')}`,
        ]),
  ];
  return { ...rule, text: words.join(' ') };
}
