/** What becomes of a connection, a datagram, a name, an answer: the verdict, the rule, the reason. Pure. */
import type { Verdict } from '../../../contract/network.ts';
import { embeddedIpv4s, groupOf, isIpv4InIpv6 } from './groups.ts';
import {
  canonicalName,
  describeGroup,
  describeTarget,
  formatName,
  matchesName,
  mayMatchByName,
  whyMatches,
  type Flow,
  type Subject,
} from './match.ts';
import { defaultText, isName, type Policy, type PolicyRule } from './policy.ts';

export type { Flow } from './match.ts';

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
/** A label that no name has. */
const otherLabel = '?';

/** The verdict on a flow. */
export function decide(policy: Policy, flow: Flow, knowledge: Knowledge): Verdict {
  const serverName = typeof flow.serverName === 'string' ? canonicalName(flow.serverName) : null;
  return judge(policy, subjectOf(policy, flow, knowledge), serverName);
}

/**
 * Before anything of a TCP connection but its SYN is seen: `inspect` where the server's name may
 * change the verdict.
 */
export function decideAtSyn(policy: Policy, flow: Flow, knowledge: Knowledge): Verdict | 'inspect' {
  const subject = subjectOf(policy, flow, knowledge);
  const nameless = judge(policy, subject, null);
  if (nameless.source === 'built-in') return nameless;
  const rules: PolicyRule[] = [];
  for (const rule of policy.rules) {
    if (isName(rule.destination)) {
      if (mayMatchByName(rule, subject)) rules.push(rule);
    } else if (whyMatches(rule, subject, null) !== undefined) {
      rules.push(rule);
      // Whatever the name is, no later rule is asked.
      break;
    }
  }
  // A name is one that a rule names, or something below that, or to every rule like any other.
  const names = rules.flatMap(({ destination }) =>
    isName(destination) ? [destination.name, `${otherLabel}.${destination.name}`] : [],
  );
  const isOpen = [...names, otherLabel].some(
    (name) => judge({ ...policy, rules }, subject, name).verdict !== nameless.verdict,
  );
  return isOpen ? 'inspect' : nameless;
}

/** Whether a name may be looked up. */
export function decideName(policy: Policy, asked: string): Verdict {
  const name = canonicalName(asked);
  for (const rule of policy.rules) {
    const { destination, action, text, source } = rule;
    // A rule for some ports says nothing against the name itself.
    if (rule.direction === 'ingress' || (action === 'deny' && !isForEverything(rule))) continue;
    if (isName(destination)) {
      if (!matchesName(destination, name)) continue;
      const reason = `${name} matches ${formatName(destination)}.`;
      return { verdict: action, rule: text, source, reason };
    }
    if (action === 'deny' && destination.kind === 'any') {
      const reason = `${text} leaves no address to ask for.`;
      return { verdict: 'deny', rule: text, source, reason };
    }
    // A question goes to strangers, too; addresses that are near need none.
    const isOpen =
      destination.kind === 'any' ||
      (destination.kind === 'group' && destination.group === 'public');
    if (action === 'allow' && isOpen) {
      const reason = `${text} may need the address of any name.`;
      return { verdict: 'allow', rule: text, source, reason };
    }
  }
  const verdict = policy.defaultEgress;
  const reason = `No rule ${verdict === 'allow' ? 'denies' : 'allows'} ${name}.`;
  return { verdict, rule: defaultText(policy, 'egress'), source: 'policy', reason };
}

/**
 * Whether an address may be the answer for a name. A name of elsewhere that suddenly leads into
 * this network is how a web page attacks it (rebinding): the address itself has to be allowed.
 */
export function decideAnswer(policy: Policy, address: string, knowledge: Knowledge): Verdict {
  const { isHost } = knowledge;
  const group = groupOf(address, isHost);
  if (group === 'public' && !isIpv4InIpv6(address)) {
    const reason = `${address} is public.`;
    return { verdict: 'allow', rule: 'answers with public addresses', source: 'built-in', reason };
  }
  // Which ports of it may be reached is asked when one is.
  const rules = policy.rules
    .filter((rule) => !isName(rule.destination) && rule.direction !== 'ingress')
    .filter((rule) => rule.action === 'allow' || isForEverything(rule))
    .map((rule) => ({ ...rule, ports: [], protocols: [] }));
  const flow: Flow = { direction: 'egress', protocol: 'icmp', address };
  const nameless = { ...policy, rules, hasNames: false };
  const verdict = decide(nameless, flow, { isHost, namesOf: () => [] });
  if (verdict.verdict === 'allow') return verdict;
  return {
    verdict: 'deny',
    rule: 'no answers with addresses that are not allowed (rebinding)',
    source: 'built-in',
    reason: `${address} is ${describeGroup(group)}; allow the address itself to reach it by a name.`,
  };
}

function subjectOf(policy: Policy, flow: Flow, knowledge: Knowledge): Subject {
  const { direction, protocol, address, port } = flow;
  const group = groupOf(address, knowledge.isHost);
  const names = direction === 'egress' ? knowledge.namesOf(address).map(canonicalName) : [];
  // What was a right answer once need not be one under the rules of now.
  const isAnswer =
    group === 'public' ||
    (policy.hasNames &&
      names.length > 0 &&
      decideAnswer(policy, address, knowledge).verdict === 'allow');
  const inner = embeddedIpv4s(address);
  return { direction, protocol, address, port, group, inner, names, isAnswer };
}

function judge(policy: Policy, subject: Subject, serverName: string | null): Verdict {
  const builtIn = builtInVerdict(policy, subject);
  if (builtIn !== undefined) return builtIn;
  let hidden: Verdict | undefined;
  for (const rule of policy.rules) {
    const reason = whyMatches(rule, subject, serverName);
    if (reason === undefined) continue;
    const { action: verdict, text, source } = rule;
    if (verdict === 'allow' && needsHiddenName(rule, subject)) {
      const why = `${reason} By UDP port 443 (QUIC) its server's name cannot be seen; TCP is used instead.`;
      hidden ??= { verdict: 'deny', rule: text, source, reason: why };
      continue;
    }
    if (verdict === 'deny' && hidden !== undefined) return hidden;
    return { verdict, rule: text, source, reason };
  }
  const { direction, group } = subject;
  const verdict = direction === 'egress' ? policy.defaultEgress : policy.defaultIngress;
  if (verdict === 'deny' && hidden !== undefined) return hidden;
  const reason = `${describeTarget(subject, serverName)} is ${describeGroup(group)}, and no rule matches it.`;
  return { verdict, rule: defaultText(policy, direction), source: 'policy', reason };
}

function builtInVerdict(policy: Policy, subject: Subject): Verdict | undefined {
  const { direction, protocol, address, port, group } = subject;
  const deny = (rule: string, reason: string): Verdict => ({
    ...{ verdict: 'deny', rule, source: 'built-in', reason },
  });
  if (group === undefined) {
    return deny('addresses that lead nowhere', `${address} is no address of a machine.`);
  }
  // A socket of both families says in this way who comes by IPv4.
  if (direction === 'ingress') return undefined;
  if (isIpv4InIpv6(address)) {
    const reason = `${address} stands for an IPv4 address and is not sent as IPv6.`;
    return deny('IPv4 addresses in IPv6 packets', reason);
  }
  if (policy.hasNames && port === secureDnsPort && protocol !== 'icmp') {
    const reason = 'Encrypted DNS would hide which names are asked for; ask the gateway instead.';
    return deny('encrypted DNS where rules name names', reason);
  }
  return undefined;
}

/** Whether a rule allows by a name alone what goes to where the server's name cannot be seen. */
function needsHiddenName(rule: PolicyRule, { protocol, port }: Subject): boolean {
  const isQuic = protocol === 'udp' && port === quicPort;
  return isQuic && isName(rule.destination) && rule.protocols.length === 0;
}

function isForEverything({ ports, protocols }: PolicyRule): boolean {
  return ports.length === 0 && protocols.length === 0;
}
