import { implement, type Router as OrpcRouter } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import type { Engine, Logger } from '../engine/index.ts';
import { engineEvents } from './engine-events.ts';
import { toOrpcError } from './errors.ts';
import { createFileRouter } from './file-router.ts';
import { createImageRouter, createRegistryRouter } from './image-router.ts';
import {
  createCommandRouter,
  createLogRouter,
  createSessionRouter,
  createStatsRouter,
} from './live-router.ts';
import { createNetworkRouter } from './network-router.ts';
import { operationOutput } from './operation-output.ts';
import { operationStates } from './operation-states.ts';
import { createSnapshotRouter } from './snapshot-router.ts';

/** What a transport's handler is made from. */
export type Router = OrpcRouter<typeof contract, object>;

/**
 * Binds each procedure of the contract to the engine. Any oRPC handler (WebSocket, MessagePort)
 * serves it; its procedures need no context.
 */
export function createRouter(engine: Engine, logger: Logger): Router {
  const procedures = implement(contract).use(async ({ next, path }) => {
    try {
      return await next();
    } catch (error) {
      throw toOrpcError(error, path.join('.'), logger);
    }
  });
  const { host, config, sandboxes, volumes, presets, operations } = procedures;
  return procedures.router({
    host: {
      report: host.report.handler(() => engine.host.report()),
      completePath: host.completePath.handler(({ input }) =>
        engine.host.completePath(input.prefix),
      ),
      diagnostics: host.diagnostics.handler(() => engine.host.diagnostics()),
      openTerminal: host.openTerminal.handler(({ input }) =>
        engine.host.openTerminal(input.name, input.emulator),
      ),
      templates: host.templates.handler(() => engine.templates.list()),
      clearTemplates: host.clearTemplates.handler(() => engine.templates.clear()),
    },
    config: {
      build: config.build.handler(({ input }) => engine.config.build(input)),
    },
    events: procedures.events.handler(({ signal }) => engineEvents(engine, signal)),
    images: createImageRouter(procedures.images, engine),
    registries: createRegistryRouter(procedures.registries, engine),
    snapshots: createSnapshotRouter(procedures.snapshots, engine),
    sessions: createSessionRouter(procedures.sessions, engine),
    files: createFileRouter(procedures.files, engine),
    logs: createLogRouter(procedures.logs, engine),
    stats: createStatsRouter(procedures.stats, engine),
    commands: createCommandRouter(procedures.commands, engine),
    sandboxes: {
      list: sandboxes.list.handler(() => engine.sandboxes.list()),
      inspect: sandboxes.inspect.handler(({ input }) => engine.sandboxes.inspect(input.name)),
      suggest: sandboxes.suggest.handler(() => engine.sandboxes.suggest()),
      create: sandboxes.create.handler(({ input }) => engine.sandboxes.create(input)),
      configure: sandboxes.configure.handler(({ input }) =>
        engine.sandboxes.configure(input.name, input.config),
      ),
      duplicate: sandboxes.duplicate.handler(({ input }) =>
        engine.sandboxes.duplicate(input.name, input.as, { withDisk: input.withDisk }),
      ),
      start: sandboxes.start.handler(({ input }) =>
        engine.sandboxes.start(input.name, { fromDisk: input.fromDisk }),
      ),
      pause: sandboxes.pause.handler(({ input }) => engine.sandboxes.pause(input.name)),
      resume: sandboxes.resume.handler(({ input }) => engine.sandboxes.resume(input.name)),
      suspend: sandboxes.suspend.handler(({ input }) => engine.sandboxes.suspend(input.name)),
      stop: sandboxes.stop.handler(({ input }) =>
        engine.sandboxes.stop(
          input.name,
          input.graceMs === undefined ? {} : { graceMs: input.graceMs },
        ),
      ),
      restart: sandboxes.restart.handler(({ input }) => engine.sandboxes.restart(input.name)),
      remove: sandboxes.remove.handler(({ input }) =>
        engine.sandboxes.remove(input.name, { force: input.force }),
      ),
      exec: sandboxes.exec.handler(({ input }) => engine.sandboxes.exec(input)),
      shell: sandboxes.shell.handler(({ input }) => engine.sandboxes.shell(input)),
      sessions: sandboxes.sessions.handler(({ input }) => engine.sandboxes.sessions(input.name)),
      boots: sandboxes.boots.handler(({ input }) => engine.sandboxes.boots(input.name)),
    },
    network: createNetworkRouter(procedures.network, engine),
    volumes: {
      list: volumes.list.handler(() => engine.volumes.list()),
      inspect: volumes.inspect.handler(({ input }) => engine.volumes.inspect(input.name)),
      create: volumes.create.handler(({ input }) => engine.volumes.create(input.name)),
      remove: volumes.remove.handler(({ input }) =>
        engine.volumes.remove(input.name, { force: input.force }),
      ),
    },
    presets: {
      list: presets.list.handler(() => engine.presets.list()),
      save: presets.save.handler(({ input }) => engine.presets.save(input)),
      remove: presets.remove.handler(({ input }) => engine.presets.remove(input.name)),
    },
    operations: {
      cancel: operations.cancel.handler(({ input }) => engine.operations.cancel(input.id)),
      watch: operations.watch.handler(({ input, signal }) => {
        // Asked here too, so that a wrong id fails the call and not its first state.
        engine.operations.get(input.id);
        return operationStates(engine, input.id, signal);
      }),
      output: operations.output.handler(({ input, signal }) => {
        engine.operations.get(input.id);
        return operationOutput(engine, input.id, signal);
      }),
    },
  });
}
