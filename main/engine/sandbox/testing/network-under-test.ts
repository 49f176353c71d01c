/** The network of a sandbox with a real gateway and no machine but its socket. */
import path from 'node:path';
import { networkSchema, type NetworkConfig } from '../../../contract/config/network.ts';
import { formatPortMapping, type PortMapping } from '../../../contract/config/port-mapping.ts';
import type { NetworkEvent, NetworkStatus, TemporaryRule } from '../../../contract/network.ts';
import { silentLogger, type Logger } from '../../base/logger.ts';
import type { Vm } from '../../vm/driver.ts';
import { SandboxNetwork, type NetworkSurroundings } from '../network/sandbox-network.ts';

/** A machine as far as a network knows it. */
export function aVm(networkSocket: string | undefined): Vm {
  return { networkSocket } as Vm;
}

/** A configuration with its defaults. */
export function aNetwork(
  fields: Omit<Partial<NetworkConfig>, 'ports'> & { readonly ports?: readonly PortMapping[] } = {},
): NetworkConfig {
  const { ports = [], ...rest } = fields;
  return networkSchema.parse({ ...rest, ports: ports.map(formatPortMapping) });
}

/** See the head of this file. */
export class NetworkUnderTest implements AsyncDisposable {
  config = aNetwork();
  /** What was saved of decisions for now. */
  saved: TemporaryRule[] = [];
  /** The link at each time that it came or went. */
  readonly links: string[] = [];
  readonly warnings: string[] = [];
  readonly network: SandboxNetwork;

  /** @param gateways those that the tests of a file share: a thread takes its time to start */
  constructor(directory: string, gateways: NetworkSurroundings['gateways']) {
    const logger: Logger = { ...silentLogger, warn: (message) => this.warnings.push(message) };
    this.network = new SandboxNetwork({
      id: directory,
      name: () => 'web',
      config: () => this.config,
      logFile: path.join(directory, 'network.json'),
      gateways,
      logger,
      onChange: () => this.links.push(this.network.link),
      saveTemporary: (rules) => {
        this.saved = rules;
        return Promise.resolve();
      },
    });
  }

  /** As a sandbox takes another configuration. */
  async change(config: NetworkConfig): Promise<NetworkStatus> {
    await this.network.prepare(config);
    this.config = config;
    await this.network.apply();
    return this.network.status();
  }

  /** The first event from now on that is like this; the status and log of now are events too. */
  async heard(isWanted: (event: NetworkEvent) => boolean): Promise<NetworkEvent> {
    const found = Promise.withResolvers<NetworkEvent>();
    const stop = this.network.subscribe((event) => {
      if (isWanted(event)) found.resolve(event);
    });
    const event = await found.promise;
    stop();
    return event;
  }

  /** When the link is like this. */
  async linkIs(link: NetworkStatus['link']): Promise<void> {
    await this.heard((event) => event.type === 'status' && event.status.link === link);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.network.forget();
    await this.network.close();
  }
}
