/** What would happen to a destination that somebody asks about, step by step. */
import { Resolver } from 'node:dns/promises';
import { bracketed, canonicalAddress } from '../../../contract/config/destination.ts';
import type { NetworkAnswer, NetworkQuestion, Verdict } from '../../../contract/network.ts';
import { decide, decideAnswer, decideName, type Flow, type Knowledge } from '../policy/decide.ts';
import type { Policy } from '../policy/policy.ts';
import { hostAddresses, hostName } from '../stack/link-addresses.ts';

const timeoutMs = 3000;
const maxAddresses = 8;

/** Looks a name up, IPv4 first; fails as DNS does. */
export type LookUp = (name: string) => Promise<readonly string[]>;

/** Asks the policy as the gateway would, and DNS where a name is allowed. Never throws. */
export async function answerQuestion(
  policy: Policy,
  knowledge: Knowledge,
  question: NetworkQuestion,
  lookUp: LookUp = lookUpByHost,
): Promise<NetworkAnswer> {
  const { host, port } = splitHost(question.destination, question.port);
  const protocol = question.protocol ?? 'tcp';
  const address = canonicalAddress(host);
  const steps: NetworkAnswer['steps'] = [];
  if (address !== undefined) {
    const flow = flowTo(protocol, address, port, null);
    const verdict = decide(policy, flow, knowledge);
    steps.push({ what: describe(protocol, address, flow.port), ...verdict });
    return summarize(host, steps, verdict.verdict === 'allow');
  }
  const named = decideName(policy, host);
  steps.push({ what: `look up ${host}`, ...named });
  if (named.verdict === 'deny' && host !== hostName) return summarize(host, steps, false);
  let addresses: readonly string[];
  try {
    addresses = host === hostName ? [...hostAddresses] : await lookUp(host);
  } catch (error) {
    const reason = `The name cannot be looked up: ${error instanceof Error ? error.message : String(error)}.`;
    steps.push({ what: `answer for ${host}`, verdict: 'deny', rule: 'DNS', source: 'dns', reason });
    return summarize(host, steps, false);
  }
  if (host === hostName) steps.pop();
  const reachable = addresses.slice(0, maxAddresses).map((each) => {
    const verdicts = stepsOf(policy, knowledge, host, each, flowTo(protocol, each, port, host));
    steps.push(...verdicts);
    return verdicts.every(({ verdict }) => verdict === 'allow');
  });
  return summarize(host, steps, reachable.includes(true));
}

function stepsOf(
  policy: Policy,
  knowledge: Knowledge,
  name: string,
  address: string,
  flow: Flow,
): NetworkAnswer['steps'] {
  const answer = decideAnswer(policy, address, knowledge);
  const what = `answer ${address} for ${name}`;
  if (answer.verdict === 'deny') return [{ what, ...answer }];
  // As it will be once the guest has looked the name up.
  const after: Knowledge = {
    ...knowledge,
    namesOf: (each) => [...(each === address ? [name] : []), ...knowledge.namesOf(each)],
  };
  const verdict: Verdict = decide(policy, flow, after);
  return [
    { what, ...answer },
    { what: describe(flow.protocol, address, flow.port), ...verdict },
  ];
}

function flowTo(
  protocol: Flow['protocol'],
  address: string,
  port: number,
  serverName: string | null,
): Flow {
  const base = { direction: 'egress', protocol, address, serverName } as const;
  return protocol === 'icmp' ? base : { ...base, port };
}

function describe(protocol: string, address: string, port: number | undefined): string {
  if (port === undefined) return `ping ${address}`;
  return `connect to ${bracketed(address)}:${String(port)} by ${protocol.toUpperCase()}`;
}

function summarize(host: string, steps: NetworkAnswer['steps'], isAllowed: boolean): NetworkAnswer {
  const last = steps.findLast(({ verdict }) => verdict === (isAllowed ? 'allow' : 'deny'));
  const summary = `${host} is ${isAllowed ? 'allowed' : 'denied'}: ${last?.rule ?? 'no address'}.`;
  return { verdict: isAllowed ? 'allow' : 'deny', summary, steps };
}

/** `example.org:443`, `[::1]:443`; 443 where nobody says it. */
function splitHost(text: string, port = 443): { host: string; port: number } {
  const trimmed = text.trim().toLowerCase().replace(/\.$/, '');
  if (canonicalAddress(trimmed) !== undefined) return { host: trimmed, port };
  const [, bracketed, plain = trimmed, digits] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(trimmed) ?? [];
  return {
    host: bracketed ?? plain.replace(/\.$/, ''),
    port: digits === undefined ? port : Number(digits),
  };
}

async function lookUpByHost(name: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [four, six].flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (found.length === 0 && four.status === 'rejected') throw four.reason;
  return found.flatMap((address) => canonicalAddress(address) ?? []);
}
