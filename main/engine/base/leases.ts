/**
 * Keeps a collection of what nothing needs apart from work that is just about to need it. Work
 * that brings in or uses parts of a store holds a lease; each part it looks at is touched first,
 * and stays until the lease ends. By then whatever needs the part has to be recorded.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Limiter } from './limiter.ts';

interface Scope {
  readonly kind: 'lease' | 'collection';
  /** What was touched. */
  readonly digests: Set<string>;
  /** Of a collection: the lease that it was begun within. */
  readonly within?: Scope | undefined;
  isOpen: boolean;
}

/**
 * The leases of one store. A lease belongs to a chain of calls and not to an argument, so that no
 * part of the store can be looked at without it: work that was begun within it is within it.
 */
export class Leases {
  readonly #leases = new Set<Scope>();
  readonly #current = new AsyncLocalStorage<Scope | undefined>();
  readonly #turns = new Limiter(1);
  #collection: Promise<void> | undefined;

  /** Runs work that holds what it touches until it ends. Within a lease it joins that one. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#scope() !== undefined) return await work();
    return await this.separately(work);
  }

  /**
   * As {@link during}, but never within the lease of whoever begins the work: that may end first.
   * Not for work that a collection waits for.
   */
  async separately<T>(work: () => Promise<T>): Promise<T> {
    const lease: Scope = { kind: 'lease', digests: new Set(), isOpen: true };
    this.#leases.add(lease);
    try {
      return await this.#current.run(lease, work);
    } finally {
      lease.isOpen = false;
      this.#leases.delete(lease);
    }
  }

  /**
   * To be called before a look at a part. Resolves when no collection is under way: what is seen
   * then stays, where a lease is held, until it ends.
   */
  async touch(...digests: readonly string[]): Promise<void> {
    const scope = this.#scope();
    if (scope?.kind === 'collection') return;
    while (this.#collection !== undefined) await this.#collection;
    if (scope?.isOpen !== true) return;
    for (const digest of digests) scope.digests.add(digest);
  }

  /** Runs work that looks at parts and needs none of them: it holds nothing. */
  async apart<T>(work: () => Promise<T>): Promise<T> {
    if (this.#scope()?.kind === 'collection') return await work();
    return await this.#current.run(undefined, work);
  }

  /** Every digest that is held now. */
  held(): Set<string> {
    return new Set([...this.#leases].flatMap(({ digests }) => [...digests]));
  }

  /** As {@link held}, but for what this chain of calls alone holds, or a collection for it. */
  heldByOthers(): Set<string> {
    const scope = this.#scope();
    const own = scope?.kind === 'collection' ? scope.within : scope;
    const others = [...this.#leases].filter((lease) => lease !== own);
    return new Set(others.flatMap(({ digests }) => [...digests]));
  }

  /**
   * Runs work that nobody's touch overlaps, one at a time. It may touch parts itself and must not
   * wait for anyone else who does. It has to be short: everyone waits for it.
   */
  async collect<T>(work: () => Promise<T>): Promise<T> {
    const within = this.#scope();
    return await this.#turns.run(async () => {
      const ended = Promise.withResolvers<undefined>();
      const scope: Scope = { kind: 'collection', digests: new Set(), within, isOpen: true };
      this.#collection = ended.promise;
      try {
        return await this.#current.run(scope, work);
      } finally {
        scope.isOpen = false;
        this.#collection = undefined;
        ended.resolve(undefined);
      }
    });
  }

  /** What was begun within a scope may outlive it. */
  #scope(): Scope | undefined {
    const scope = this.#current.getStore();
    return scope?.isOpen === true ? scope : undefined;
  }
}
