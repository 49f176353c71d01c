/** Words for a network that several features show. Pure. */
import { bracketed } from '../../main/contract/config/destination.ts';
import type { NetworkConfig } from '../../main/contract/config/network.ts';
import { parsePortMapping } from '../../main/contract/config/port-mapping.ts';

/** A policy by its short name, with one line on what it means. */
export interface PolicyWords {
  readonly value: NetworkConfig['policy'];
  readonly label: string;
  readonly remark: string;
}

/** Every policy, from the narrowest to the widest. */
export const policyWords: readonly PolicyWords[] = [
  { value: 'none', label: 'None', remark: 'Reaches nothing.' },
  {
    value: 'public',
    label: 'Public',
    remark: 'Public addresses; nothing of this machine or its network.',
  },
  { value: 'allow-list', label: 'Allow list', remark: 'Only what is named.' },
  {
    value: 'all',
    label: 'All',
    remark: 'Everything; this machine too, by host.skerry.internal.',
  },
];

const shortWords: Readonly<Record<NetworkConfig['policy'], string>> = {
  none: 'closed network',
  public: 'public network',
  'allow-list': 'allow list',
  all: 'open network',
};

/** A policy with what is named besides it: `public network, 2 denied`. */
export function describePolicy({ policy, allow, deny, rules }: NetworkConfig): string {
  const counts = [
    [allow.length, 'allowed'],
    [deny.length, 'denied'],
    [rules.length, rules.length === 1 ? 'rule' : 'rules'],
  ] as const;
  const named = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${String(count)} ${what}`);
  return [shortWords[policy], ...named].join(', ');
}

/** A published port as it is read: `8080 → 80`, `0.0.0.0:53 → 53 udp`. */
export function describePort(text: string): string {
  const port = parsePortMapping(text);
  if (port === undefined) return text;
  const { bind, hostPort, guestPort, protocol } = port;
  const at = bind === '127.0.0.1' ? '' : `${bracketed(bind)}:`;
  const kind = protocol === 'udp' ? ' udp' : '';
  return `${at}${String(hostPort)} → ${String(guestPort)}${kind}`;
}

/** The whole network in one line: `public network · 8080 → 80`. */
export function describeNetwork(network: NetworkConfig): string {
  return [describePolicy(network), ...network.ports.map(describePort)].join(' · ');
}

/** What a port beyond loopback means, or undefined for one that only this machine reaches. */
export function warnOfBind(bind: string, isBeyondLoopback: boolean): string | undefined {
  if (!isBeyondLoopback) return undefined;
  const isEvery = bind === '0.0.0.0' || bind === '::';
  return isEvery
    ? 'Other machines can reach this port, at every address of this one.'
    : `Other machines can reach this port at ${bind}.`;
}
