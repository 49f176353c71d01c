/** Whether a rule is about a flow, and why. Pure. */
import { lowerCase, type AddressGroup } from '../../../contract/config/destination.ts';
import { isInCidr } from './groups.ts';
import { isName, type PolicyRule } from './policy.ts';

/** Something that wants to pass. */
export interface Flow {
  readonly direction: 'egress' | 'ingress';
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** The other side, in its canonical form. */
  readonly address: string;
  /** That is connected to; for a published port that of the guest. */
  readonly port?: number | undefined;
  /** As TLS or HTTP say it; null where they were looked for and say none, or cannot. */
  readonly serverName?: string | null;
}

/** A flow with what the rules ask about it, found once for all of them. */
export interface Subject extends Omit<Flow, 'serverName'> {
  readonly group: AddressGroup | undefined;
  /** IPv4 addresses that the address stands for. */
  readonly inner: readonly string[];
  /** Names that the address was the answer for, the latest first. */
  readonly names: readonly string[];
  /** Whether a name may lead to the address. */
  readonly isAnswer: boolean;
}

type NameDestination = Extract<PolicyRule['destination'], { name: string }>;

/** A name as rules have it: in lower case, without a dot at its end. */
export function canonicalName(name: string): string {
  return lowerCase(name).replace(/\.$/, '');
}

/** Why a rule matches, or undefined where it does not. The name is in its canonical form. */
export function whyMatches(
  rule: PolicyRule,
  subject: Subject,
  serverName: string | null,
): string | undefined {
  if (!coversFlow(rule, subject)) return undefined;
  const { destination, action } = rule;
  switch (destination.kind) {
    case 'any':
      return `${describeTarget(subject, serverName)} is a destination like any other.`;
    case 'group': {
      if (subject.group !== destination.group) return undefined;
      return `${describeTarget(subject, serverName)} is ${describeGroup(subject.group)}.`;
    }
    case 'address':
    case 'cidr': {
      const isNetwork = destination.kind === 'cidr';
      const whole = destination.address.includes(':') ? 128 : 32;
      const prefix = isNetwork ? destination.prefix : whole;
      // What stands for a denied address is denied; what stands for an allowed one is another.
      const all = [subject.address, ...(action === 'deny' ? subject.inner : [])];
      if (!all.some((each) => isInCidr(each, destination.address, prefix))) return undefined;
      const where = isNetwork ? 'that network' : 'the rule';
      return `${describeTarget(subject, serverName)} is in ${where}.`;
    }
    default: {
      if (serverName !== null) {
        if (!matchesName(destination, serverName)) return undefined;
        if (action === 'deny') return `${serverName} matches ${formatName(destination)}.`;
      }
      const pinned = pinOf(rule, subject);
      return pinned === undefined ? undefined : `${subject.address} was the answer for ${pinned}.`;
    }
  }
}

/** Whether there is any server's name with which a rule about names matches. */
export function mayMatchByName(rule: PolicyRule, subject: Subject): boolean {
  if (!coversFlow(rule, subject)) return false;
  return rule.action === 'deny' || pinOf(rule, subject) !== undefined;
}

/** Whether a name in its canonical form is that of a destination, or below it. */
export function matchesName(destination: NameDestination, name: string): boolean {
  if (name === destination.name) return true;
  return destination.kind === 'suffix' && name.endsWith(`.${destination.name}`);
}

/** A name as in a rule. */
export function formatName({ kind, name }: NameDestination): string {
  return kind === 'suffix' ? `*.${name}` : name;
}

/** What a flow leads to, in words. */
export function describeTarget({ address, names }: Subject, serverName: string | null): string {
  const name = serverName ?? names[0];
  return name === undefined ? address : `${name} (${address})`;
}

/** What an address is, in words. */
export function describeGroup(group: AddressGroup | undefined): string {
  return group === 'host' ? 'this machine' : (group ?? 'nowhere');
}

/** Whether a rule is about the direction, the protocol and the port of a flow. */
function coversFlow(rule: PolicyRule, { direction, protocol, port }: Subject): boolean {
  if (rule.direction !== 'any' && rule.direction !== direction) return false;
  if (rule.protocols.length > 0 && !rule.protocols.includes(protocol)) return false;
  if (rule.ports.length === 0) return true;
  if (port === undefined || protocol === 'icmp') return false;
  return rule.ports.some(({ first, last }) => port >= first && port <= last);
}

/** The name of a rule that the address was the answer for, and to allow it still may be. */
function pinOf({ destination, action }: PolicyRule, subject: Subject): string | undefined {
  if (!isName(destination) || (action === 'allow' && !subject.isAnswer)) return undefined;
  return subject.names.find((name) => matchesName(destination, name));
}
