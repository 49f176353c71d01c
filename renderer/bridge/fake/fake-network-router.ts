/** The procedures of the network, bound to the in-memory host. */
import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import { formatPortMapping, parsePortMapping } from '../../../main/contract/config/port-mapping.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { failure } from './fake-failure.ts';
import type { FakeHost } from './fake-host.ts';
import { fakeAnswer } from './fake-policy.ts';

const os = implement(contract).network;

/** The part of the router that is about networks. */
export function createFakeNetworkRouter(host: FakeHost, find: (name: string) => Sandbox) {
  const { network } = host;
  return {
    inspect: os.inspect.handler(({ input }) => network.status(find(input.name))),
    watch: os.watch.handler(({ input, signal }) =>
      network.watch(input.name, () => find(input.name), signal),
    ),
    log: os.log.handler(({ input }) => [...network.log(input.name)]),
    set: os.set.handler(({ input }) => {
      const { name, ...change } = input;
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      return network.change(find(name), Object.fromEntries(given));
    }),
    decide: os.decide.handler(({ input }) =>
      network.decide(find(input.name), input.destination, input.action, input.isTemporary),
    ),
    forget: os.forget.handler(({ input }) => network.decide(find(input.name), input.destination)),
    addPort: os.addPort.handler(({ input }) => {
      const sandbox = find(input.name);
      const held = network.holderOf(input.port);
      if (held !== undefined) {
        const message = 'Port 3000 of 127.0.0.1 is in use.';
        throw failure('network/port-in-use', message, held);
      }
      const { ports } = sandbox.config.network;
      const status = network.change(sandbox, { ports: [...ports, canonical(input.port)] });
      const published = status.ports.at(-1);
      if (published === undefined) throw failure('network/port-unavailable', 'It is no port.');
      return published;
    }),
    removePort: os.removePort.handler(({ input }) => {
      const sandbox = find(input.name);
      const { ports } = sandbox.config.network;
      const left = ports.filter((port) => canonical(port) !== canonical(input.port));
      if (left.length === ports.length) {
        throw failure('network/not-published', `"${input.port}" is not published.`);
      }
      network.change(sandbox, { ports: left });
    }),
    listeners: os.listeners.handler(({ input }) => {
      const sandbox = find(input.name);
      if (sandbox.state !== 'running') {
        throw failure('sandbox/not-running', `The sandbox "${input.name}" is not running.`);
      }
      return network.listeners(sandbox);
    }),
    test: os.test.handler(({ input }) => {
      const { config, temporary } = network.status(find(input.name));
      return fakeAnswer(config, temporary, input.destination, input.port ?? 443);
    }),
    testConfig: os.testConfig.handler(({ input }) =>
      fakeAnswer(input.network, [], input.destination, input.port ?? 443),
    ),
  };
}

function canonical(text: string): string {
  const mapping = parsePortMapping(text);
  return mapping === undefined ? text : formatPortMapping(mapping);
}
