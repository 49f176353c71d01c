import type { ImplementerInternalWithMiddlewares, Router as OrpcRouter } from '@orpc/server';
import type { contract } from '../contract/contract.ts';
import type { Engine } from '../engine/index.ts';

type NoContext = object;
type FileContract = (typeof contract)['files'];

/** Binds the procedures of files to the engine; a part of the router. */
export function createFileRouter(
  files: ImplementerInternalWithMiddlewares<FileContract, NoContext, NoContext>,
  { files: engine }: Pick<Engine, 'files'>,
): OrpcRouter<FileContract, NoContext> {
  return {
    list: files.list.handler(({ input, signal }) => engine.list(input.name, input.path, signal)),
    inspect: files.inspect.handler(({ input }) => engine.inspect(input.name, input.path)),
    read: files.read.handler(({ input }) => engine.read(input.name, input.path)),
    write: files.write.handler(({ input }) => engine.write(input)),
    rename: files.rename.handler(({ input }) => engine.rename(input)),
    remove: files.remove.handler(({ input }) => engine.remove(input)),
    makeDirectory: files.makeDirectory.handler(({ input }) => engine.makeDirectory(input)),
    setMode: files.setMode.handler(({ input }) => engine.setMode(input)),
    setOwner: files.setOwner.handler(({ input }) => engine.setOwner(input)),
    changes: files.changes.handler(({ input, signal }) =>
      engine.changes(input.name, input.path, signal),
    ),
    download: files.download.handler(({ input }) => engine.download(input)),
    upload: files.upload.handler(({ input }) => engine.upload(input)),
  };
}
