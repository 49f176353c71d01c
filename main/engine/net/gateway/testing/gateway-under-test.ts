/** A real gateway between a guest of the test and this machine's loopback. */
import { join } from 'node:path';
import { networkSchema, type NetworkConfig } from '../../../../contract/config/network.ts';
import type { CountedDecision } from '../decision-reporter.ts';
import { Gateway } from '../gateway.ts';
import type { NameServer } from '../resolvers.ts';
import { Bell } from './bell.ts';
import { Guest } from './guest.ts';
import { MachineSocket } from './machine-socket.ts';

/** A network in which the guest reaches everything. */
const everything = { policy: 'all' } as const;

/** See the head of this file. */
export class GatewayUnderTest implements AsyncDisposable {
  readonly gateway: Gateway;
  readonly machine: MachineSocket;
  readonly guest: Guest;
  /** The link at each time that it came or went. */
  readonly links: boolean[] = [];
  readonly decisions: CountedDecision[] = [];
  readonly #bell = new Bell();

  private constructor(machine: MachineSocket, network: object, nameServers: readonly NameServer[]) {
    this.machine = machine;
    this.guest = new Guest(machine);
    const settings = { config: configOf(network), temporary: [] };
    this.gateway = new Gateway(
      { socketPath: machine.path, settings, nameServers: () => nameServers },
      {
        onDecisions: (decisions) => {
          this.decisions.push(...decisions);
          this.#bell.ring();
        },
        onLink: (isUp) => {
          this.links.push(isUp);
          this.#bell.ring();
        },
      },
    );
  }

  /** With an open link, and without name servers but those that are given. */
  static async open(
    directory: string,
    network: object = everything,
    nameServers: readonly NameServer[] = [],
  ): Promise<GatewayUnderTest> {
    const machine = await MachineSocket.listen(join(directory, 'link'));
    const made = new GatewayUnderTest(machine, network, nameServers);
    await made.gateway.open();
    await machine.linked();
    return made;
  }

  configure(network: object): void {
    this.gateway.configure({ config: configOf(network), temporary: [] });
  }

  /** The first decision that is like this; they come a moment after they were made. */
  async decided(isWanted: (decision: CountedDecision) => boolean): Promise<CountedDecision> {
    await this.#bell.until(() => this.decisions.some(isWanted));
    const found = this.decisions.find(isWanted);
    if (found === undefined) throw new Error('There is no such decision.');
    return found;
  }

  /** When the link has come or gone as often. */
  linkChanged(times: number): Promise<void> {
    return this.#bell.until(() => this.links.length >= times);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.close();
    this.guest.close();
    await this.machine[Symbol.asyncDispose]();
  }
}

function configOf(network: object): NetworkConfig {
  return networkSchema.parse(network);
}
