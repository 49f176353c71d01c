/** What may happen while a gateway is opened; the gateways are fakes. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { GatewayHandle, HandleEvents } from '../../net/gateway/gateways.ts';
import type { GatewaySettings } from '../../net/gateway/gateway.ts';
import { SandboxGateway } from './sandbox-gateway.ts';
import { aNetwork } from '../testing/network-under-test.ts';

/** Gateways that are there when the test says so. */
class SlowGateways {
  readonly opened = Promise.withResolvers<undefined>();
  readonly told: string[] = [];
  readonly traffic = Promise.withResolvers<Awaited<ReturnType<GatewayHandle['traffic']>>>();
  events: HandleEvents | undefined;

  async open(_id: string, path: string, settings: GatewaySettings, events: HandleEvents) {
    this.events = events;
    this.told.push(`open ${path} ${settings.config.policy}`);
    await this.opened.promise;
    const handle: GatewayHandle = {
      configure: ({ config, temporary }) => {
        this.told.push(`configure ${config.policy} ${String(temporary.length)}`);
        return Promise.resolve();
      },
      addPort: () => Promise.resolve(),
      removePort: () => Promise.resolve(),
      ask: () => Promise.reject(new Error('Nobody asks.')),
      traffic: () => this.traffic.promise,
      close: () => {
        this.told.push('close');
        return Promise.resolve();
      },
    };
    return handle;
  }
}

let gateways: SlowGateways;
let settings: GatewaySettings;
let links: boolean[];
let restarts: number;
let gateway: SandboxGateway;

beforeEach(() => {
  gateways = new SlowGateways();
  settings = { config: aNetwork({ policy: 'all' }), temporary: [] };
  links = [];
  restarts = 0;
  gateway = new SandboxGateway({
    id: '0123456789',
    name: () => 'web',
    gateways,
    settings: () => settings,
    onDecisions: () => undefined,
    onLink: (isUp) => links.push(isUp),
    onRestarted: () => {
      restarts += 1;
    },
  });
});

describe('the gateway of a sandbox', () => {
  it('has what was changed while it was opened', async () => {
    const opening = gateway.open('/net');
    settings = { config: aNetwork({ policy: 'none' }), temporary: [] };
    gateways.opened.resolve(undefined);
    expect(await opening).toBe(gateway.handle);
    expect(gateways.told).toEqual(['open /net all', 'configure none 0']);
  });

  it('is told nothing twice', async () => {
    gateways.opened.resolve(undefined);
    await gateway.open('/net');
    expect(gateways.told).toEqual(['open /net all']);
  });

  it('ends where its machine ends while it is opened', async () => {
    const opening = gateway.open('/net');
    await gateway.close();
    gateways.events?.onLink(true);
    gateways.opened.resolve(undefined);
    await expect(opening).rejects.toMatchObject({ code: 'network/gateway-failed' });
    expect([gateways.told, gateway.handle, links]).toEqual([
      ['open /net all', 'close'],
      undefined,
      [],
    ]);
  });

  it('says that it could not be started, and why', async () => {
    const cause = new Error('connect ENOENT');
    gateways.opened.reject(cause);
    await expect(gateway.open('/net')).rejects.toMatchObject({
      code: 'network/gateway-failed',
      message: 'The gateway of "web" could not be started.',
      cause,
    });
    expect(gateway.handle).toBeUndefined();
  });

  it('tells of its link until it is closed', async () => {
    gateways.opened.resolve(undefined);
    await gateway.open('/net');
    gateways.events?.onLink(true);
    gateways.events?.onRestarted();
    await gateway.close();
    gateways.events?.onLink(false);
    gateways.events?.onRestarted();
    expect([links, restarts]).toEqual([[true], 1]);
  });

  it('has no traffic of a machine that has ended', async () => {
    gateways.opened.resolve(undefined);
    await gateway.open('/net');
    const counted = gateway.countTraffic();
    await gateway.close();
    gateways.traffic.resolve({ sentBytes: 1, receivedBytes: 2, tcpConnections: 3, udpFlows: 4 });
    expect(await counted).toBe(false);
    expect(gateway.traffic.sentBytes).toBe(0);
    expect(await gateway.countTraffic()).toBe(false);
  });

  it('says whether there was traffic', async () => {
    gateways.opened.resolve(undefined);
    gateways.traffic.resolve({ sentBytes: 1, receivedBytes: 2, tcpConnections: 3, udpFlows: 4 });
    await gateway.open('/net');
    expect([await gateway.countTraffic(), await gateway.countTraffic()]).toEqual([true, false]);
    expect(gateway.traffic).toMatchObject({ sentBytes: 1, udpFlows: 4 });
  });
});
