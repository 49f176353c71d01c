/** An engine over a state directory of its own, and the few things tests and benchmarks do with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Operation } from '../../contract/operation.ts';
import type { CreateRequest } from '../../contract/sandbox-config.ts';
import type { ExitStatus, Session } from '../../contract/session.ts';
import { fromErrorData } from '../base/app-error.ts';
import { silentLogger } from '../base/logger.ts';
import type { Engine } from '../engine.ts';
import { resolvePaths } from '../host/paths.ts';
import { templateMode } from '../template/open-templates.ts';
import { openEngine, type EngineOptions } from '../open-engine.ts';

/** A state directory that is removed with everything in it. */
export class TestHome implements AsyncDisposable {
  readonly dir: string;
  #engine: Engine | undefined;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<TestHome> {
    return new TestHome(await mkdtemp(path.join(tmpdir(), 'skerry-home-')));
  }

  /** The engine that is open. */
  get engine(): Engine {
    if (this.#engine === undefined) throw new Error('Open the engine first.');
    return this.#engine;
  }

  /**
   * @param options templates, standby: as `SKERRY_TEMPLATES` and `SKERRY_STANDBY` say, which tests have
   *   `off`, unless they are given;
   *   cacheDir: another cache than that of every test
   */
  async open(
    options: Pick<EngineOptions, 'templates' | 'standby'> & { readonly cacheDir?: string } = {},
  ): Promise<Engine> {
    const { templates, standby, cacheDir } = options;
    const own = cacheDir === undefined ? {} : { SKERRY_CACHE: cacheDir };
    const paths = resolvePaths({ ...process.env, ...own, SKERRY_HOME: this.dir });
    this.#engine = await openEngine({
      paths,
      socketPath: path.join(paths.runtimeDir, 'test.sock'),
      version: 'test',
      templates,
      standby,
      logger: silentLogger,
      presetsDir: path.resolve(import.meta.dirname, '../../../assets/presets'),
      skerryCommand: [path.resolve(import.meta.dirname, '../../../bin/skerry')],
    });
    return this.#engine;
  }

  /** Lets go of the machines; they go on. */
  async close(): Promise<void> {
    await this.engine.close();
    this.#engine = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const engine = this.#engine ?? (await this.open());
    for (const { name } of engine.sandboxes.list()) {
      await engine.sandboxes.remove(name, { force: true });
    }
    await this.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** Waits for an operation. @throws its error where it did not succeed */
export async function succeed(engine: Engine, operation: Operation): Promise<Operation> {
  const ended =
    operation.state === 'running' ? await engine.operations.wait(operation.id) : operation;
  if (ended.state === 'succeeded') return ended;
  throw ended.error === undefined ? new Error(ended.state) : fromErrorData(ended.error);
}

/** Creates a sandbox, of the starter image unless another is named, and waits until it runs. */
export async function createSandbox(
  engine: Engine,
  config: Partial<CreateRequest> & { readonly name: string },
): Promise<void> {
  await succeed(engine, await engine.sandboxes.create({ image: 'skerry/starter', ...config }));
  checkBeginning(engine, config.name);
}

/** Where every start is to be a warm one, so that a suite says something, one that was not fails. */
function checkBeginning(engine: Engine, name: string): void {
  const { beganBy, sharedBy } = engine.sandboxes.inspect(name);
  if (templateMode() !== 'ahead' || sharedBy === 'virtiofs' || beganBy === 'warm') return;
  throw new Error(`"${name}" did not begin by a template.`);
}

/** What a session gave. */
export interface SessionResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Absent where the reading stopped before the end. */
  readonly exit?: ExitStatus;
}

/** Reads a session to its end, or until its stdout matches. */
export async function readSession(
  engine: Engine,
  session: Session,
  until?: RegExp,
): Promise<SessionResult> {
  const output = { stdout: '', stderr: '' };
  const { promise, resolve, reject } = Promise.withResolvers<SessionResult>();
  const attachment = engine.sessions.attach(session.id, {
    onAttached: () => undefined,
    onSize: () => undefined,
    onStdout: (bytes) => {
      output.stdout += Buffer.from(bytes).toString('latin1');
      attachment.acknowledge(bytes.length);
      if (until?.test(output.stdout) === true) {
        attachment.detach();
        resolve({ ...output });
      }
    },
    onStderr: (bytes) => {
      output.stderr += Buffer.from(bytes).toString('latin1');
      attachment.acknowledge(bytes.length);
    },
    onExit: (exit) => {
      resolve({ ...output, exit });
    },
    onError: reject,
  });
  return promise;
}

/** Runs a command line in a sandbox's shell, without a terminal. */
export async function runScript(
  engine: Engine,
  name: string,
  script: string,
): Promise<SessionResult> {
  return readSession(engine, await engine.sandboxes.shell({ name, script }));
}
