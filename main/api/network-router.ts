import type { ImplementerInternalWithMiddlewares, Router as OrpcRouter } from '@orpc/server';
import type { contract } from '../contract/contract.ts';
import type { Engine } from '../engine/index.ts';
import { networkEvents } from './network-events.ts';

type NoContext = object;
type NetworkContract = (typeof contract)['network'];

/** Binds the procedures of the network to the engine; a part of the router. */
export function createNetworkRouter(
  network: ImplementerInternalWithMiddlewares<NetworkContract, NoContext, NoContext>,
  engine: Pick<Engine, 'network'>,
): OrpcRouter<NetworkContract, NoContext> {
  return {
    inspect: network.inspect.handler(({ input }) => engine.network.inspect(input.name)),
    watch: network.watch.handler(({ input, signal }) => {
      // Asked here too, so that a wrong name fails the call and not its first event.
      engine.network.log(input.name);
      return networkEvents(engine, input.name, signal);
    }),
    log: network.log.handler(({ input }) => engine.network.log(input.name)),
    set: network.set.handler(({ input: { name, ...changes } }) =>
      engine.network.set(name, withoutUnset(changes)),
    ),
    decide: network.decide.handler(({ input: { name, ...decision } }) =>
      engine.network.decide(name, decision),
    ),
    forget: network.forget.handler(({ input }) =>
      engine.network.forget(input.name, input.destination),
    ),
    addPort: network.addPort.handler(({ input }) => engine.network.addPort(input.name, input.port)),
    removePort: network.removePort.handler(({ input }) =>
      engine.network.removePort(input.name, input.port),
    ),
    listeners: network.listeners.handler(({ input }) => engine.network.listeners(input.name)),
    test: network.test.handler(({ input: { name, ...question } }) =>
      engine.network.test(name, question),
    ),
    testConfig: network.testConfig.handler(({ input: { network: config, ...question } }) =>
      engine.network.testConfig(config, question),
    ),
  };
}

type WithoutUnset<T> = { [Field in keyof T]?: Exclude<T[Field], undefined> };

/** A field that is there without a value is one that stays. */
function withoutUnset<T extends object>(fields: T): WithoutUnset<T> {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as WithoutUnset<T>;
}
