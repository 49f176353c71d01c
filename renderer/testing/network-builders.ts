/** Whole values of the network's contract for tests. */
import { networkSchema } from '../../main/contract/config/network.ts';
import type { Decision, GuestPort, NetworkStatus } from '../../main/contract/network.ts';

/** A denied connection to nowhere in particular. */
export function aDecision(overrides: Partial<Decision> = {}): Decision {
  return {
    id: 1,
    firstAtMs: 1_000,
    atMs: 1_000,
    count: 1,
    direction: 'egress',
    protocol: 'tcp',
    verdict: 'deny',
    rule: 'policy public: deny everything else',
    source: 'policy',
    reason: 'No rule matches it.',
    ...overrides,
  };
}

/** The network of a running sandbox that has done nothing. */
export function aNetworkStatus(overrides: Partial<NetworkStatus> = {}): NetworkStatus {
  return {
    link: 'up',
    config: networkSchema.parse({}),
    temporary: [],
    rules: [],
    ports: [],
    traffic: { sentBytes: 0, receivedBytes: 0, tcpConnections: 0, udpFlows: 0 },
    ...overrides,
  };
}

/** A program of the guest that listens everywhere. */
export function aGuestPort(overrides: Partial<GuestPort> = {}): GuestPort {
  return {
    protocol: 'tcp',
    address: '0.0.0.0',
    port: 80,
    reach: 'any',
    suggestedHostPort: 8080,
    ...overrides,
  };
}
