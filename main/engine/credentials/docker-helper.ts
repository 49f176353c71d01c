/** Docker's credential helpers: `docker-credential-NAME get|store|erase`, spoken to on stdin. */
import { z } from 'zod';
import type { Credential } from '../../contract/registry.ts';
import { AppError, isAppError } from '../base/app-error.ts';
import { run, type RunResult } from '../host/child-process.ts';
import { findProgram } from '../host/find-program.ts';
import { identityTokenUser, toCredential, type Environment } from './credential-source.ts';

const namePattern = /^[A-Za-z0-9._-]{1,64}$/;

/** A keyring may ask its user for a password of its own. */
const defaultTimeoutMs = 60_000;
const maxOutputBytes = 256 * 1024;

/** What helpers print where they have nothing; it is part of their protocol. */
const nothingHere = 'credentials not found in native keychain';

const answerSchema = z.object({
  Username: z.string().nullish(),
  Secret: z.string().nullish(),
});

/** How a helper is run. */
export interface HelperOptions {
  readonly env?: Environment;
  readonly timeoutMs?: number;
}

/** One helper, by its name: `pass`, `secretservice`. */
export class DockerHelper {
  readonly name: string;
  readonly #options: HelperOptions;

  /** @throws AppError `credentials/unreadable` for a name that is none */
  constructor(name: string, options: HelperOptions = {}) {
    if (!namePattern.test(name)) {
      const message = `${JSON.stringify(name.slice(0, 100))} is not the name of a credential helper.`;
      throw new AppError('credentials/unreadable', message);
    }
    this.name = name;
    this.#options = options;
  }

  get program(): string {
    return `docker-credential-${this.name}`;
  }

  /** What it has for a server, if anything. @throws AppError `credentials/unreadable` */
  async get(server: string, signal?: AbortSignal): Promise<Credential | undefined> {
    const result = await this.#run('get', server, signal);
    if (result.exitCode !== 0) {
      if (result.stdout.trim() === nothingHere) return undefined;
      throw this.#failed('get', result);
    }
    const answer = parseAnswer(result.stdout);
    if (answer === undefined) throw this.#error('gave an answer that makes no sense');
    return toCredential(answer.Username ?? '', answer.Secret ?? '');
  }

  /** @throws AppError `credentials/unreadable` */
  async store(server: string, credential: Credential, signal?: AbortSignal): Promise<void> {
    const [username, secret] =
      'identityToken' in credential
        ? [identityTokenUser, credential.identityToken]
        : [credential.username, credential.password];
    const input = JSON.stringify({ ServerURL: server, Username: username, Secret: secret });
    const result = await this.#run('store', input, signal);
    if (result.exitCode !== 0) throw this.#failed('store', result);
  }

  /** Of what is not there: nothing. @throws AppError `credentials/unreadable` */
  async erase(server: string, signal?: AbortSignal): Promise<void> {
    const result = await this.#run('erase', server, signal);
    if (result.exitCode !== 0 && result.stdout.trim() !== nothingHere) {
      throw this.#failed('erase', result);
    }
  }

  /** Whether there is such a program. */
  async isInstalled(): Promise<boolean> {
    return (await this.#find()) !== undefined;
  }

  async #find(): Promise<string | undefined> {
    return (await findProgram(this.program, this.#options.env?.['PATH']))?.path;
  }

  async #run(action: string, input: string, signal: AbortSignal | undefined): Promise<RunResult> {
    const program = await this.#find();
    if (program === undefined) throw this.#error('is not installed');
    const { env, timeoutMs = defaultTimeoutMs } = this.#options;
    try {
      return await run(program, [action], {
        timeoutMs,
        maxOutputBytes,
        input,
        asGroup: true,
        signal,
        ...(env && { env }),
      });
    } catch (error) {
      if (isAppError(error)) throw error;
      throw this.#error('cannot be started', error);
    }
  }

  /** What it printed may be a secret, and is not told. */
  #failed(action: string, { timedOut, exitCode }: RunResult): AppError {
    if (timedOut) return this.#error(`did not answer \`${action}\` in time`);
    const end = exitCode === undefined ? 'was killed' : `ended with status ${String(exitCode)}`;
    return this.#error(`failed to ${action}: it ${end}`);
  }

  #error(problem: string, cause?: unknown): AppError {
    const message = `The credential helper ${this.program} ${problem}.`;
    const hint = `Run \`${this.program} list\` to see what is wrong, or log in with \`skerry login\`.`;
    return new AppError('credentials/unreadable', message, { hint, cause });
  }
}

function parseAnswer(stdout: string): z.infer<typeof answerSchema> | undefined {
  try {
    return answerSchema.parse(JSON.parse(stdout));
  } catch {
    return undefined;
  }
}
