/** The part of the in-memory host's router that is about registries. */
import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import type { FakeRegistries } from './fake-registries.ts';

const os = implement(contract);

/** See the head of this file. */
export function createFakeRegistryRouter(registries: FakeRegistries) {
  return {
    list: os.registries.list.handler(() => registries.list()),
    storage: os.registries.storage.handler(() => registries.storage),
    login: os.registries.login.handler(({ input }) =>
      registries.login(input.registry, input.credential, input.allowFile, input.skipTest),
    ),
    logout: os.registries.logout.handler(({ input }) => registries.logout(input.registry)),
    configure: os.registries.configure.handler(({ input }) =>
      registries.configure(input.registry, input.settings),
    ),
    remove: os.registries.remove.handler(({ input }) => {
      registries.remove(input.registry);
    }),
    test: os.registries.test.handler(({ input }) =>
      registries.test(input.registry, input.credential, input.settings),
    ),
  };
}
