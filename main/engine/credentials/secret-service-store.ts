/** Secrets in the keyring of the session (freedesktop.org Secret Service), through `secret-tool`. */
import type { Credential } from '../../contract/registry.ts';
import { AppError, isAppError } from '../base/app-error.ts';
import { run, type RunResult } from '../host/child-process.ts';
import { findProgram } from '../host/find-program.ts';
import type { Environment } from './credential-source.ts';
import { readSecret, writeSecret, type SecretStore } from './secret-store.ts';

/** How the tool is run. */
export interface SecretToolOptions {
  readonly env?: Environment;
  readonly timeoutMs?: number;
}

/** The keyring may ask its user to unlock it. */
const defaultTimeoutMs = 60_000;

/** A value that is stored and cleared to see whether that works; no registry has such a name. */
const trial = '(trial)';

/** See the head of this file. */
export class SecretServiceStore implements SecretStore {
  readonly keeper = 'secret-service';
  readonly where = 'the keyring of the desktop session';
  readonly #options: SecretToolOptions;

  constructor(options: SecretToolOptions = {}) {
    this.#options = options;
  }

  async absence(): Promise<string | undefined> {
    return (await this.#find()) === undefined ? 'secret-tool is not installed' : undefined;
  }

  /** It is there only where something can be stored: a keyring may be locked, or have none to ask. */
  async problem(signal?: AbortSignal): Promise<string | undefined> {
    const absence = await this.absence();
    if (absence !== undefined) return absence;
    try {
      const label = 'Skerry: a trial';
      await this.#store(label, trial, 'of no use', signal);
      await this.delete(trial, signal);
      return undefined;
    } catch (error) {
      if (isAppError(error, 'credentials/unreadable')) return 'secret-tool reaches no keyring';
      throw error;
    }
  }

  async get(registry: string, signal?: AbortSignal): Promise<Credential | undefined> {
    const result = await this.#run(['lookup', ...attributes(registry)], '', signal);
    if (result.exitCode === 0) return readSecret(result.stdout, this.where);
    if (isNothing(result)) return undefined;
    throw this.#failed('look up', result);
  }

  async set(registry: string, credential: Credential, signal?: AbortSignal): Promise<void> {
    await this.#store(`Skerry: ${registry}`, registry, writeSecret(credential), signal);
  }

  async delete(registry: string, signal?: AbortSignal): Promise<void> {
    const result = await this.#run(['clear', ...attributes(registry)], '', signal);
    if (result.exitCode !== 0 && !isNothing(result)) throw this.#failed('clear', result);
  }

  async #store(
    label: string,
    registry: string,
    secret: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const args = ['store', `--label=${label}`, ...attributes(registry)];
    const result = await this.#run(args, secret, signal);
    if (result.exitCode !== 0) throw this.#failed('store', result);
  }

  async #find(): Promise<string | undefined> {
    return (await findProgram('secret-tool', this.#options.env?.['PATH']))?.path;
  }

  async #run(
    args: readonly string[],
    input: string,
    signal: AbortSignal | undefined,
  ): Promise<RunResult> {
    const program = await this.#find();
    if (program === undefined) throw this.#error('secret-tool is not installed');
    const { env, timeoutMs = defaultTimeoutMs } = this.#options;
    try {
      return await run(program, args, {
        timeoutMs,
        input,
        asGroup: true,
        signal,
        ...(env && { env }),
      });
    } catch (error) {
      if (isAppError(error)) throw error;
      throw this.#error('secret-tool cannot be started', error);
    }
  }

  #failed(action: string, { timedOut, exitCode }: RunResult): AppError {
    if (timedOut) return this.#error(`secret-tool did not ${action} it in time`);
    return this.#error(`secret-tool failed to ${action} it, with status ${String(exitCode)}`);
  }

  #error(problem: string, cause?: unknown): AppError {
    const message = `The keyring cannot be used: ${problem}.`;
    const hint = 'Unlock the keyring, or log in again where there is one.';
    return new AppError('credentials/unreadable', message, { hint, cause });
  }
}

function attributes(registry: string): string[] {
  return ['application', 'skerry', 'registry', registry];
}

/** It says nothing where it has found nothing, and why where it could not look. */
function isNothing({ exitCode, stdout, stderr }: RunResult): boolean {
  return exitCode === 1 && stdout === '' && stderr === '';
}
