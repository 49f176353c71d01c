/** The gateway of one sandbox, from the start of each of its machines to its end. */
import { AppError } from '../../base/app-error.ts';
import type { GatewayHandle, Gateways, HandleEvents } from '../../net/gateway/gateways.ts';
import type { GatewaySettings, Traffic } from '../../net/gateway/gateway.ts';

/** What a gateway needs of its sandbox. */
export interface GatewaySurroundings extends HandleEvents {
  readonly id: string;
  readonly name: () => string;
  readonly gateways: Pick<Gateways, 'open'>;
  /** As they are now. */
  readonly settings: () => GatewaySettings;
}

const noTraffic: Traffic = { sentBytes: 0, receivedBytes: 0, tcpConnections: 0, udpFlows: 0 };

/** See the head of this file. */
export class SandboxGateway {
  /** There while the sandbox runs. */
  handle: GatewayHandle | undefined;
  /** As it was asked for last. */
  traffic = noTraffic;
  readonly #around: GatewaySurroundings;
  /** Of the machine whose gateway is open or being opened. */
  #run: object | undefined;

  constructor(around: GatewaySurroundings) {
    this.#around = around;
  }

  /** @throws AppError `network/gateway-failed`, also where it is closed meanwhile */
  async open(networkSocket: string): Promise<GatewayHandle> {
    const { id, name, gateways, onDecisions, onLink, onRestarted } = this.#around;
    const settings = this.#around.settings();
    const run = {};
    this.#run = run;
    let handle: GatewayHandle;
    try {
      handle = await gateways.open(id, networkSocket, settings, {
        // The last ones come with the end.
        onDecisions,
        onLink: (isUp) => {
          if (this.#run === run) onLink(isUp);
        },
        onRestarted: () => {
          if (this.#run === run) onRestarted();
        },
      });
    } catch (cause) {
      const message = `The gateway of "${name()}" could not be started.`;
      throw new AppError('network/gateway-failed', message, { cause });
    }
    if (this.#run !== run) {
      await handle.close();
      const message = `"${name()}" ended before its gateway was there.`;
      throw new AppError('network/gateway-failed', message);
    }
    this.handle = handle;
    const now = this.#around.settings();
    const isSame = now.config === settings.config && now.temporary === settings.temporary;
    if (!isSame) await handle.configure(now);
    return handle;
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    this.#run = undefined;
    this.traffic = noTraffic;
    await handle?.close();
  }

  /** Asks for the traffic; whether it is another than before. */
  async countTraffic(): Promise<boolean> {
    const { handle, traffic: before } = this;
    const traffic = (await handle?.traffic().catch(() => undefined)) ?? noTraffic;
    if (this.handle !== handle) return false;
    this.traffic = traffic;
    return JSON.stringify(traffic) !== JSON.stringify(before);
  }
}
