/** What the in-memory host's gateway says of a destination: a sketch of the real one. Pure. */
import { parseDestination, type Destination } from '../../../main/contract/config/destination.ts';
import type { NetworkConfig } from '../../../main/contract/config/network.ts';
import type {
  NetworkAnswer,
  NetworkStatus,
  TemporaryRule,
  Verdict,
} from '../../../main/contract/network.ts';

interface FakeRule {
  readonly action: Verdict['verdict'];
  readonly destination: string;
  readonly text: string;
  readonly source: string;
}

const privatePattern = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

function rulesOf(config: NetworkConfig, temporary: readonly TemporaryRule[]): FakeRule[] {
  const rule = (action: FakeRule['action'], destination: string, source: string): FakeRule => ({
    ...{ action, destination, source },
    text: `${action} ${destination}`,
  });
  return [
    ...temporary.map(({ action, destination }) => rule(action, destination, 'temporary')),
    ...config.rules
      .map((one, index) => rule(one.action, one.destination, `rules.${String(index)}`))
      .filter((_, index) => config.rules[index]?.direction !== 'ingress'),
    ...config.deny.map((text, index) => rule('deny', text, `deny.${String(index)}`)),
    ...config.allow.map((text, index) => rule('allow', text, `allow.${String(index)}`)),
    ...(config.policy === 'public'
      ? [{ ...rule('allow', 'public', 'policy'), text: 'policy public: allow public' }]
      : []),
    {
      ...rule(config.policy === 'all' ? 'allow' : 'deny', 'any', 'policy'),
      text: `policy ${config.policy}: ${config.policy === 'all' ? 'allow' : 'deny'} everything else`,
    },
  ];
}

/** The rules of a network, as its status lists them. */
export function fakeRules(
  config: NetworkConfig,
  temporary: readonly TemporaryRule[],
): NetworkStatus['rules'] {
  return rulesOf(config, temporary).map(({ text, source }) => ({ text, source }));
}

/** The verdict on a name or an address. */
export function fakeVerdict(
  config: NetworkConfig,
  temporary: readonly TemporaryRule[],
  target: string,
): Verdict {
  for (const { action, destination, text, source } of rulesOf(config, temporary)) {
    const reading = parseDestination(destination);
    if (!reading.ok || !isMatch(reading.destination, target)) continue;
    const kind = groupOf(target);
    const reason =
      destination === target
        ? `${target} is named by the rule.`
        : `${target} is ${kind === 'host' ? 'this machine' : kind}.`;
    return { verdict: action, rule: text, source, reason };
  }
  return { verdict: 'deny', rule: 'deny any', source: 'built-in', reason: 'Nothing allows it.' };
}

/** What would happen to a destination. */
export function fakeAnswer(
  config: NetworkConfig,
  temporary: readonly TemporaryRule[],
  text: string,
  port: number,
): NetworkAnswer {
  const reading = parseDestination(text);
  if (!reading.ok) return { verdict: 'deny', summary: reading.problem, steps: [] };
  const { destination } = reading;
  const target = destination.kind === 'domain' ? destination.name : addressOf(destination);
  const verdict = fakeVerdict(config, temporary, target);
  const at = `${target}:${String(reading.port ?? port)}`;
  const steps = [
    ...(destination.kind === 'domain' ? [{ ...verdict, what: `look up ${target}` }] : []),
    { ...verdict, what: `connect to ${at}` },
  ];
  const summary =
    verdict.verdict === 'allow' ? `A connection to ${at} goes out.` : `No way leads to ${at}.`;
  return { verdict: verdict.verdict, summary, steps };
}

function addressOf(destination: Destination): string {
  return destination.kind === 'address' ? destination.address : '0.0.0.0';
}

function groupOf(target: string): string {
  if (target === 'host.skerry.internal') return 'host';
  if (privatePattern.test(target)) return 'private';
  if (target.startsWith('127.') || target === '::1') return 'loopback';
  if (target === '169.254.169.254') return 'metadata';
  return 'public';
}

function isMatch(destination: Destination, target: string): boolean {
  switch (destination.kind) {
    case 'any':
      return true;
    case 'group':
      return groupOf(target) === destination.group;
    case 'address':
      return destination.address === target;
    case 'domain':
      return destination.name === target;
    case 'suffix':
      return destination.name === target || target.endsWith(`.${destination.name}`);
    case 'cidr':
      return destination.address.startsWith('10.') && target.startsWith('10.');
  }
}
