/** What becomes of a connection, a datagram, a name, an answer: the verdict, the rule, the reason. Pure. */
import type { Verdict } from '../../../contract/network.ts';
import { embeddedIpv4, groupOf, isInCidr } from './groups.ts';
import { defaultText, isName, type Policy, type PolicyRule } from './policy.ts';

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

/** What is known besides the policy. */
export interface Knowledge {
  /** Names that this sandbox was given the address for. */
  readonly namesOf: (address: string) => readonly string[];
  /** Whether an address is this machine's. */
  readonly isHost: (address: string) => boolean;
}

/** Knowledge of nothing. */
export const noKnowledge: Knowledge = { namesOf: () => [], isHost: () => false };

/** DNS over TLS and over QUIC: RFC 7858, RFC 9250. */
const secureDnsPort = 853;
/** Where a server's name is in what only the server can read. */
const quicPort = 443;

/** The verdict on a flow. */
export function decide(policy: Policy, flow: Flow, knowledge: Knowledge): Verdict {
  const builtIn = flow.direction === 'egress' ? builtInVerdict(policy, flow, knowledge) : undefined;
  if (builtIn !== undefined) return builtIn;
  const names = flow.direction === 'egress' ? knowledge.namesOf(flow.address) : [];
  for (const rule of policy.rules) {
    const why = matches(rule, flow, names, knowledge);
    if (why === undefined) continue;
    const isHidden =
      rule.action === 'allow' &&
      isName(rule.destination) &&
      flow.protocol === 'udp' &&
      flow.port === quicPort &&
      rule.protocols.length === 0;
    if (isHidden) {
      const reason = `${why} By UDP port 443 (QUIC) its server's name cannot be seen; TCP is used instead.`;
      return { verdict: 'deny', rule: rule.text, source: rule.source, reason };
    }
    return { verdict: rule.action, rule: rule.text, source: rule.source, reason: why };
  }
  const { direction } = flow;
  const verdict = direction === 'egress' ? policy.defaultEgress : policy.defaultIngress;
  const group = groupOf(flow.address, knowledge.isHost) ?? 'nowhere';
  return {
    verdict,
    rule: defaultText(policy, direction),
    source: 'policy',
    reason: `${describeTarget(flow, names)} is ${group === 'host' ? 'this machine' : group}, and no rule matches it.`,
  };
}

/**
 * Before anything of a TCP connection but its SYN is seen: `inspect` where the server's name may
 * change the verdict.
 */
export function decideAtSyn(policy: Policy, flow: Flow, knowledge: Knowledge): Verdict | 'inspect' {
  const asksForNames = policy.rules.some(
    (rule) => isName(rule.destination) && coversFlow(rule, flow),
  );
  const nameless = decide(policy, { ...flow, serverName: null }, knowledge);
  if (!asksForNames) return nameless;
  const named = knowledge
    .namesOf(flow.address)
    .map((serverName) => decide(policy, { ...flow, serverName }, knowledge));
  const isHopeless = [nameless, ...named].every(({ verdict }) => verdict === 'deny');
  return isHopeless ? nameless : 'inspect';
}

/** Whether a name may be looked up. */
export function decideName(policy: Policy, name: string): Verdict {
  for (const rule of policy.rules) {
    if (rule.direction === 'ingress') continue;
    const { destination, action, text, source } = rule;
    if (isName(destination)) {
      // A rule for some ports says nothing against the name itself.
      if (!matchesName(destination, name)) continue;
      if (action === 'deny' && (rule.ports.length > 0 || rule.protocols.length > 0)) continue;
      const reason = `${name} matches ${formatName(destination)}.`;
      return { verdict: action, rule: text, source, reason };
    }
    const isOpen = destination.kind === 'group' || destination.kind === 'any';
    if (action === 'allow' && isOpen) {
      const reason = `${text} may need the address of any name.`;
      return { verdict: 'allow', rule: text, source, reason };
    }
    if (action === 'deny' && destination.kind === 'any' && rule.ports.length === 0) {
      const reason = `${text} leaves no address to ask for.`;
      if (rule.protocols.length === 0) return { verdict: 'deny', rule: text, source, reason };
    }
  }
  return {
    verdict: policy.defaultEgress,
    rule: defaultText(policy, 'egress'),
    source: 'policy',
    reason: `No rule allows ${name}.`,
  };
}

/**
 * Whether an address may be the answer for a name. A name of elsewhere that suddenly leads into
 * this network is how a web page attacks it (rebinding): the address itself has to be allowed.
 */
export function decideAnswer(policy: Policy, address: string, knowledge: Knowledge): Verdict {
  const group = groupOf(address, knowledge.isHost);
  const inner = embeddedIpv4(address);
  if (group === 'public' && inner === undefined) {
    const reason = `${address} is public.`;
    return { verdict: 'allow', rule: 'answers with public addresses', source: 'built-in', reason };
  }
  const rules = policy.rules.filter(
    ({ destination, direction }) => !isName(destination) && direction !== 'ingress',
  );
  const nameless = {
    ...policy,
    rules: rules.map((rule) => ({ ...rule, ports: [], protocols: [] })),
  };
  const flow: Flow = { direction: 'egress', protocol: 'icmp', address };
  const verdict = decide({ ...nameless, hasNames: false }, flow, {
    ...knowledge,
    namesOf: () => [],
  });
  if (verdict.verdict === 'allow') return verdict;
  return {
    verdict: 'deny',
    rule: 'no answers with addresses that are not allowed (rebinding)',
    source: 'built-in',
    reason: `${address} is ${group === 'host' ? 'this machine' : (group ?? 'nowhere')}; allow the address itself to reach it by a name.`,
  };
}

function builtInVerdict(policy: Policy, flow: Flow, { isHost }: Knowledge): Verdict | undefined {
  const deny = (rule: string, reason: string): Verdict => ({
    ...{ verdict: 'deny', rule, source: 'built-in', reason },
  });
  if (groupOf(flow.address, isHost) === undefined) {
    return deny('addresses that lead nowhere', `${flow.address} is no address of a machine.`);
  }
  // RFC 4291, section 2.5.5: mapped and compatible addresses are of programs, not of packets.
  if (/^::(?:ffff:)?(?:0:)?[\da-f]+:[\da-f]+$/.test(flow.address)) {
    const reason = `${flow.address} stands for an IPv4 address and is not sent as IPv6.`;
    return deny('IPv4 addresses in IPv6 packets', reason);
  }
  if (policy.hasNames && flow.port === secureDnsPort && flow.protocol !== 'icmp') {
    const reason = 'Encrypted DNS would hide which names are asked for; ask the gateway instead.';
    return deny('encrypted DNS where rules name names', reason);
  }
  return undefined;
}

function coversFlow(rule: PolicyRule, { direction, protocol, port }: Flow): boolean {
  if (rule.direction !== 'any' && rule.direction !== direction) return false;
  if (rule.protocols.length > 0 && !rule.protocols.includes(protocol)) return false;
  if (rule.ports.length === 0) return true;
  return port !== undefined && rule.ports.some(({ first, last }) => port >= first && port <= last);
}

/** Why a rule matches, or undefined where it does not. */
function matches(
  rule: PolicyRule,
  flow: Flow,
  names: readonly string[],
  { isHost }: Knowledge,
): string | undefined {
  if (!coversFlow(rule, flow)) return undefined;
  const { destination, action } = rule;
  const { address, serverName } = flow;
  const target = describeTarget(flow, names);
  switch (destination.kind) {
    case 'any':
      return `${target} is a destination like any other.`;
    case 'group': {
      if (groupOf(address, isHost) !== destination.group) return undefined;
      return `${target} is ${destination.group === 'host' ? 'this machine' : destination.group}.`;
    }
    case 'address':
    case 'cidr': {
      const prefix = destination.kind === 'cidr' ? destination.prefix : undefined;
      const isSame = (each: string) =>
        prefix === undefined
          ? each === destination.address
          : isInCidr(each, destination.address, prefix);
      const inner = action === 'deny' ? embeddedIpv4(address) : undefined;
      if (!isSame(address) && (inner === undefined || !isSame(inner))) return undefined;
      return `${target} is in ${rule.destination.kind === 'cidr' ? 'that network' : 'the rule'}.`;
    }
    default: {
      const pinned = names.find((name) => matchesName(destination, name));
      const isNamed = typeof serverName === 'string';
      if (isNamed && !matchesName(destination, serverName)) return undefined;
      if (action === 'deny' && isNamed) return `${serverName} matches ${formatName(destination)}.`;
      if (pinned === undefined) return undefined;
      return `${address} was the answer for ${pinned}.`;
    }
  }
}

function describeTarget({ address, serverName }: Flow, names: readonly string[]): string {
  const name = serverName ?? names[0];
  return name === undefined ? address : `${name} (${address})`;
}

function matchesName(rule: { kind: 'domain' | 'suffix'; name: string }, name: string): boolean {
  if (name === rule.name) return true;
  return rule.kind === 'suffix' && name.endsWith(`.${rule.name}`);
}

function formatName({ kind, name }: { kind: 'domain' | 'suffix'; name: string }): string {
  return kind === 'suffix' ? `*.${name}` : name;
}
