/** The one process that runs the engine over a state directory, and serves it to every client. */
import path from 'node:path';
import { createRouter, type Router } from '../api/router.ts';
import { openEngine, type Engine, type EngineOptions, type Logger } from '../engine/index.ts';
import { AccessToken } from './access-token.ts';
import { listenOnLoopback, type LoopbackListener } from './loopback-listener.ts';
import { listenOnUnixSocket, removeDeadSockets, type UnixService } from './unix-listener.ts';
import { WebSockets } from './web-sockets.ts';

/** What a host process is started with. */
export interface HostProcessOptions {
  readonly paths: EngineOptions['paths'];
  readonly version: string;
  readonly logger: Logger;
  /** Port on 127.0.0.1 for browsers; any free one when unset. */
  readonly port?: number;
  /** Folder of the built renderer; that of the checkout when unset. */
  readonly rendererDir?: string;
  /** Folder of the presets that came with the program; that of the checkout when unset. */
  readonly presetsDir?: string;
  /** The words that run the `skerry` command; those of the checkout when unset, none if empty. */
  readonly skerryCommand?: readonly string[];
  /** Encrypts passwords of registries; the desktop's. */
  readonly secretCipher?: EngineOptions['secretCipher'];
  /** Where `logger` writes, for diagnostics: names and paths. */
  readonly logFiles?: EngineOptions['logFiles'];
  /** Tests open another one. */
  readonly openEngine?: (options: EngineOptions) => Promise<Engine>;
}

/** A host process that serves its unix socket. */
export interface HostProcess {
  readonly engine: Engine;
  /** For a transport of the caller's own. */
  readonly router: Router;
  readonly socketPath: string;
  /**
   * Opens the loopback address, if it is not open, and resolves with its URL.
   * @param oneTime whether the token in it is good for one visit only
   */
  address(oneTime?: boolean): Promise<string>;
  /** Lets go of the machines, which go on, and of everything that listens. */
  close(): Promise<void>;
}

const builtRendererDir = path.resolve(import.meta.dirname, '../../dist/renderer');
/** Runs on the Node of the checkout, as this process does. */
const checkoutCommand = [path.resolve(import.meta.dirname, '../../bin/skerry')];
const shippedPresetsDir = path.resolve(import.meta.dirname, '../../assets/presets');

/** @throws AppError `host/already-running` where another process owns the state directory */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { paths, logger } = options;
  const service = Promise.withResolvers<UnixService>();
  // Clients that wait on it see their socket close; nobody else has to hear of it.
  service.promise.catch(() => undefined);
  const unix = await listenOnUnixSocket(paths.runtimeDir, service.promise);
  const token = new AccessToken();
  let engine: Engine;
  try {
    const { version, secretCipher, logFiles } = options;
    const { presetsDir = shippedPresetsDir, skerryCommand = checkoutCommand } = options;
    const open = options.openEngine ?? openEngine;
    const { socketPath } = unix;
    engine = await open({
      ...{ paths, version, logger, presetsDir, secretCipher, socketPath, logFiles },
      skerryCommand,
      secrets: () => token.secrets(),
    });
  } catch (error) {
    service.reject(error);
    await unix.close();
    throw error;
  }
  const router = createRouter(engine, logger);
  const webSockets = new WebSockets(engine, router, logger);
  let loopback: Promise<LoopbackListener> | undefined;
  const address = async (oneTime = false): Promise<string> => {
    loopback ??= listenOnLoopback({
      port: options.port ?? 0,
      token,
      rendererDir: options.rendererDir ?? builtRendererDir,
      webSockets,
      logger,
    });
    let port: number;
    try {
      ({ port } = await loopback);
    } catch (error) {
      loopback = undefined;
      throw error;
    }
    const secret = oneTime ? token.issueOneTime() : token.value;
    return `http://127.0.0.1:${String(port)}/?token=${secret}`;
  };
  service.resolve({ webSockets, address });
  await removeDeadSockets(paths.runtimeDir);
  logger.info('The host process is ready', { pid: process.pid, socket: unix.socketPath });

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    logger.info('The host process ends', { pid: process.pid });
    await webSockets.close();
    await Promise.all([unix.close(), loopback?.then((listener) => listener.close())]);
    await engine.close();
  };
  return {
    engine,
    router,
    socketPath: unix.socketPath,
    address,
    close: () => (closing ??= close()),
  };
}
