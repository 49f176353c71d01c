/** Words for a network that several features show. Pure. */
import { bracketed } from '../../main/contract/config/destination.ts';
import type { NetworkConfig } from '../../main/contract/config/network.ts';
import { parsePortMapping } from '../../main/contract/config/port-mapping.ts';
import { translate } from './language.ts';

/** A policy by its short name, with one line on what it means. */
export interface PolicyWords {
  readonly value: NetworkConfig['policy'];
  readonly label: string;
  readonly remark: string;
}

const policies = [
  ['none', 'none'],
  ['public', 'public'],
  ['allow-list', 'allowList'],
  ['all', 'all'],
] as const satisfies [NetworkConfig['policy'], string][];

/** Every policy, from the narrowest to the widest. */
export function policyWords(): readonly PolicyWords[] {
  return policies.map(([value, key]) => ({
    value,
    label: translate(`network:policies.${key}`),
    remark: translate(`network:policies.${key}Remark`),
  }));
}

/** A policy with what is named besides it: `public network, 2 denied`. */
export function describePolicy({ policy, allow, deny, rules }: NetworkConfig): string {
  const counts = [
    [allow.length, 'allowed'],
    [deny.length, 'denied'],
    [rules.length, 'rules'],
  ] as const;
  const named = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => translate(`network:short.${what}`, { count }));
  const key = policy === 'allow-list' ? 'allowList' : policy;
  return [translate(`network:short.${key}`), ...named].join(', ');
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
    ? translate('network:bind.everyAddress')
    : translate('network:bind.address', { address: bind });
}
