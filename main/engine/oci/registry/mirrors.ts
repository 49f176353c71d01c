/** Registries that are asked before the one that an image names. */
import { AppError } from '../../base/app-error.ts';
import type { Logger } from '../../base/logger.ts';
import { TransientError } from './network-error.ts';
import type { SettingsOf } from './registry-endpoints.ts';

/** A mirror that cannot be reached is left alone for so long: each blob would wait for it anew. */
const restMs = 60_000;

/** The mirrors that the settings of registries name, without those that fail just now. */
export class Mirrors {
  readonly #settingsOf: SettingsOf;
  readonly #logger: Logger;
  readonly #nowMs: () => number;
  readonly #restsUntilMs = new Map<string, number>();

  constructor(settingsOf: SettingsOf, logger: Logger, nowMs: () => number = Date.now) {
    this.#settingsOf = settingsOf;
    this.#logger = logger;
    this.#nowMs = nowMs;
  }

  /** Mirrors of a registry in the order that they are to be asked; mirrors of these do not count. */
  of(registry: string): string[] {
    const nowMs = this.#nowMs();
    const mirrors = this.#settingsOf(registry)?.mirrors ?? [];
    return [...new Set(mirrors)].filter(
      (mirror) => mirror !== registry && (this.#restsUntilMs.get(mirror) ?? 0) <= nowMs,
    );
  }

  /** Notes that a mirror was of no use. Throws the error where the user has cancelled. */
  skip(mirror: string, what: string, thrown: unknown): void {
    const error = thrown instanceof TransientError ? thrown.error : thrown;
    if (!(error instanceof AppError) || isFatal(error)) throw error;
    if (isUnreachable(error)) this.#restsUntilMs.set(mirror, this.#nowMs() + restMs);
    this.#logger.warn('A mirror was passed over.', { mirror, what, error: error.message });
  }
}

function isFatal({ code }: AppError): boolean {
  return code === 'operation/cancelled' || code.startsWith('store/');
}

function isUnreachable({ code }: AppError): boolean {
  return ['registry/unreachable', 'registry/name-unknown', 'registry/tls-failed'].includes(code);
}
