import type { ImplementerInternalWithMiddlewares, Router as OrpcRouter } from '@orpc/server';
import type { contract } from '../contract/contract.ts';
import type { Engine } from '../engine/index.ts';

type NoContext = object;
type ImageContract = (typeof contract)['images'];
type RegistryContract = (typeof contract)['registries'];

/** Binds the procedures of images to the engine; a part of the router. */
export function createImageRouter(
  images: ImplementerInternalWithMiddlewares<ImageContract, NoContext, NoContext>,
  { images: engine }: Pick<Engine, 'images'>,
): OrpcRouter<ImageContract, NoContext> {
  return {
    list: images.list.handler(() => engine.list()),
    inspect: images.inspect.handler(({ input }) => engine.inspect(input.reference)),
    pull: images.pull.handler(({ input }) => engine.pull(input.reference, input.credential)),
    push: images.push.handler(({ input }) => engine.push(input)),
    search: images.search.handler(({ input, signal }) => engine.search(input.text, signal)),
    tag: images.tag.handler(({ input }) => engine.tag(input.reference, input.as)),
    remove: images.remove.handler(({ input }) =>
      engine.remove(input.reference, { force: input.force }),
    ),
    prune: images.prune.handler(({ input }) => engine.prune(input)),
    usage: images.usage.handler(() => engine.usage()),
    setLimit: images.setLimit.handler(({ input }) => engine.setLimit(input.limitBytes)),
    check: images.check.handler(({ input }) => engine.check(input)),
    import: images.import.handler(({ input }) => engine.import(input)),
    programs: images.programs.handler(() => engine.programs()),
    localImages: images.localImages.handler(() => engine.localImages()),
    importFrom: images.importFrom.handler(({ input }) => engine.importFrom(input)),
    export: images.export.handler(({ input }) => engine.export(input)),
    commit: images.commit.handler(({ input }) => engine.commit(input)),
    build: images.build.handler(({ input }) => engine.build(input)),
  };
}

/** Binds the procedures of registries to the engine; a part of the router. */
export function createRegistryRouter(
  registries: ImplementerInternalWithMiddlewares<RegistryContract, NoContext, NoContext>,
  { registries: engine }: Pick<Engine, 'registries'>,
): OrpcRouter<RegistryContract, NoContext> {
  return {
    list: registries.list.handler(() => engine.list()),
    storage: registries.storage.handler(() => engine.storage()),
    login: registries.login.handler(({ input }) => engine.login(input)),
    logout: registries.logout.handler(({ input }) => engine.logout(input.registry)),
    configure: registries.configure.handler(({ input }) =>
      engine.configure(input.registry, input.settings),
    ),
    remove: registries.remove.handler(({ input }) => engine.remove(input.registry)),
    test: registries.test.handler(({ input, signal }) => engine.test(input, signal)),
  };
}
