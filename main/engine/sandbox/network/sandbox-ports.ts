/** The published ports of one sandbox: which are listened on, which failed and why, which wait. */
import {
  formatPortMapping,
  isBeyondLoopback,
  isSamePort,
  listenerOf,
  type PortMapping,
} from '../../../contract/config/port-mapping.ts';
import type { PublishedPort } from '../../../contract/network.ts';
import { toErrorData, type AppError } from '../../base/app-error.ts';
import { Limiter } from '../../base/limiter.ts';
import type { GatewayHandle } from '../../net/gateway/gateways.ts';
import { portError } from './port-error.ts';

/** What listens, while the sandbox runs. */
export type PortKeeper = Pick<GatewayHandle, 'addPort' | 'removePort'>;

interface TriedPort {
  readonly port: PortMapping;
  /** Why it is not listened on. */
  readonly problem: AppError | undefined;
}

/** See the head of this file. Changes are made one after the other. */
export class SandboxPorts {
  #keeper: PortKeeper | undefined;
  /** By what is listened on; a port that waits is not here. */
  readonly #tried = new Map<string, TriedPort>();
  readonly #turns = new Limiter(1);

  /** From now on something listens. */
  attach(keeper: PortKeeper): void {
    this.#keeper = keeper;
  }

  /** Every port waits; what listened ends by itself. */
  detach(): void {
    this.#keeper = undefined;
    this.#tried.clear();
  }

  /** Listens on all of a machine that boots. @throws AppError `network/…` for the first that fails */
  listen(wanted: () => readonly PortMapping[]): Promise<void> {
    return this.#turns.run(async () => {
      for (const port of wanted()) {
        const problem = await this.#listen(port);
        if (problem !== undefined) throw problem;
      }
    });
  }

  /** Listens on these and no others; one that fails says why. */
  settle(wanted: () => readonly PortMapping[]): Promise<void> {
    return this.#turns.run(async () => {
      const kept = new Set(wanted().map(listenerOf));
      for (const [key, { port }] of this.#tried) {
        if (!kept.has(key)) await this.#end(port);
      }
      for (const port of wanted()) {
        if (!this.#tried.has(listenerOf(port))) await this.#listen(port);
      }
    });
  }

  /** Listens on all again, after what listened has ended. */
  listenAgain(wanted: () => readonly PortMapping[]): Promise<void> {
    return this.#turns.run(async () => {
      this.#tried.clear();
      for (const port of wanted()) await this.#listen(port);
    });
  }

  /**
   * Listens on what is new, for a change that is yet to be made; {@link settle} makes the rest of
   * it. The function that it returns takes it back.
   * @throws AppError `network/…` for a new port that fails; nothing has changed then
   */
  prepare(wanted: readonly PortMapping[]): Promise<() => Promise<void>> {
    return this.#turns.run(async () => {
      const ended: PortMapping[] = [];
      const added: PortMapping[] = [];
      const takeBack = async (): Promise<void> => {
        for (const port of added) await this.#end(port);
        for (const port of ended) await this.#listen(port);
      };
      const undo = (): Promise<void> => this.#turns.run(takeBack);
      if (this.#keeper === undefined) return undo;
      const fresh = wanted.filter((port) => !this.#isTried(port));
      for (const { port } of [...this.#tried.values()]) {
        const stays = wanted.some((each) => isSamePort(each, port));
        if (stays || !fresh.some((each) => standsInTheWay(port, each))) continue;
        await this.#end(port);
        ended.push(port);
      }
      for (const port of wanted) {
        const isFresh = fresh.includes(port);
        if (!isFresh && this.#tried.get(listenerOf(port))?.problem === undefined) continue;
        if (isFresh) added.push(port);
        const problem = await this.#listen(port);
        // One that failed before is no reason against another change.
        if (problem === undefined || !isFresh) continue;
        await takeBack();
        throw problem;
      }
      return undo;
    });
  }

  /** As clients see it. */
  describe(port: PortMapping): PublishedPort {
    const tried = this.#tried.get(listenerOf(port));
    const state = tried?.problem === undefined ? 'listening' : 'failed';
    return {
      port: formatPortMapping(port),
      ...port,
      state: tried === undefined ? 'waiting' : state,
      ...(tried?.problem === undefined ? {} : { problem: toErrorData(tried.problem) }),
      ...(isBeyondLoopback(port) ? { warning: beyondLoopback } : {}),
    };
  }

  #isTried(port: PortMapping): boolean {
    const tried = this.#tried.get(listenerOf(port));
    return tried !== undefined && isSamePort(tried.port, port);
  }

  /** Why it cannot be listened on, if so. */
  async #listen(port: PortMapping): Promise<AppError | undefined> {
    const keeper = this.#keeper;
    if (keeper === undefined) return undefined;
    const problem = await keeper.addPort(port).then(
      () => undefined,
      (error: unknown) => portError(port, error),
    );
    // What listened has ended meanwhile.
    if (this.#keeper === keeper) this.#tried.set(listenerOf(port), { port, problem });
    return problem;
  }

  async #end(port: PortMapping): Promise<void> {
    this.#tried.delete(listenerOf(port));
    await this.#keeper?.removePort(port);
  }
}

const beyondLoopback =
  'Other machines can reach this port: it is not bound to the loopback of this machine.';

/** Whether one has to end before the other can be: both are one port, at whatever addresses. */
function standsInTheWay(a: PortMapping, b: PortMapping): boolean {
  return a.hostPort === b.hostPort && a.protocol === b.protocol;
}
