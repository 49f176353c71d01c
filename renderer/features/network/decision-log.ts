/** The decisions of the gateway as the log shows them. Pure. */
import { bracketed } from '../../../main/contract/config/destination.ts';
import type { Decision, NetworkStatus } from '../../../main/contract/network.ts';
import { formatExactTime } from '../../ui/format.ts';
import { translate } from '../../words/language.ts';

/** Most decisions that are kept. */
export const maxDecisions = 2000;

/** What of the log is shown. */
export interface LogFilter {
  readonly text: string;
  readonly verdict: 'all' | Decision['verdict'];
}

/** New entries, and earlier ones with a new count, put into the log; the latest come first. */
export function mergeDecisions(
  known: readonly Decision[],
  changed: readonly Decision[],
): readonly Decision[] {
  if (changed.length === 0) return known;
  const byId = new Map(known.map((decision) => [decision.id, decision]));
  for (const decision of changed) byId.set(decision.id, decision);
  return [...byId.values()]
    .sort((one, other) => other.atMs - one.atMs || other.id - one.id)
    .slice(0, maxDecisions);
}

/** The decisions that a filter lets through; each of its words has to occur. */
export function filterDecisions(
  decisions: readonly Decision[],
  { text, verdict }: LogFilter,
): readonly Decision[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && verdict === 'all') return decisions;
  return decisions.filter((decision) => {
    if (verdict !== 'all' && decision.verdict !== verdict) return false;
    const { name = '', address = '', direction, protocol, rule, reason } = decision;
    const whole = [name, address, formatTarget(decision), direction, protocol, rule, reason];
    const found = whole.join(' ').toLowerCase();
    return words.every((word) => found.includes(word));
  });
}

/** The other side with its port: `example.org:443`, `[::1]:22`, `10.0.0.1`. */
export function formatTarget({ name, address, port }: Decision): string {
  const other = name ?? address ?? translate('network:log.nowhere');
  if (port === undefined) return other;
  return `${name ?? bracketed(other)}:${String(port)}`;
}

/** What a decision on this entry is about: its name if it has one; undefined where there is none. */
export function destinationOf({ name, address, direction, source }: Decision): string | undefined {
  // Who comes to a published port, and what is built in, no list of destinations changes.
  if (direction === 'ingress' || source === 'built-in') return undefined;
  return name ?? address;
}

/** One line that says all of an entry. */
export function formatDecision(decision: Decision): string {
  const { atMs, verdict, direction, protocol, address, name, count, rule, reason } = decision;
  const at = name !== undefined && address !== undefined ? ` (${address})` : '';
  const times = count > 1 ? ` ×${String(count)}` : '';
  return (
    `${formatExactTime(atMs)} ${verdict} ${direction} ${protocol} ` +
    `${formatTarget(decision)}${at}${times}: ${rule}. ${reason}`
  );
}

/** A rule as the page lists it. */
export interface ListedRule {
  readonly text: string;
  readonly isTemporary: boolean;
  /** Where it comes from, in words. */
  readonly origin: string;
  /** What is taken back; absent where the page cannot. */
  readonly destination?: string;
}

/** The rules in their order, each with its origin in words and with what takes it back. */
export function listRules({ rules, config, temporary }: NetworkStatus): ListedRule[] {
  let temporaries = 0;
  return rules.map(({ text, source }) => {
    const [list = '', digits] = source.split('.');
    const index = Number(digits ?? Number.NaN);
    if (list === 'temporary') {
      const destination = temporary[temporaries]?.destination;
      temporaries += 1;
      return {
        ...{ text, isTemporary: true, origin: translate('network:rules.temporary') },
        ...takenBack(destination),
      };
    }
    const part = { text, isTemporary: false };
    switch (list) {
      case 'allow': {
        const origin = translate('network:rules.allowList');
        return { ...part, origin, ...takenBack(config.allow[index]) };
      }
      case 'deny': {
        const origin = translate('network:rules.denyList');
        return { ...part, origin, ...takenBack(config.deny[index]) };
      }
      case 'rules':
        return { ...part, origin: translate('network:rules.rule', { number: index + 1 }) };
      case 'built-in':
        return { ...part, origin: translate('network:rules.builtIn') };
      case 'policy':
        return { ...part, origin: translate('network:rules.policy') };
      default:
        return { ...part, origin: list };
    }
  });
}

function takenBack(destination: string | undefined): { destination?: string } {
  return destination === undefined ? {} : { destination };
}
