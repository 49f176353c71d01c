/** What a window keeps for the next one, where one opens it again after it was closed. */

/** What is needed of a storage of the browser's kind. */
export type WindowStorage = Pick<Storage, 'getItem' | 'setItem'>;

/** Held by the window whose state the next one begins with. */
const lockName = 'skerry.window';

/**
 * The storage of a browser's tab. Over a reload it has what it had; a new one begins with what the
 * last one left, unless that is still open: two windows are never the same by accident.
 */
export async function openTabStorage(): Promise<WindowStorage> {
  const lock = { isHeld: false };
  const isFirst = await holdLock(lock, { ifAvailable: true });
  // When the window that is remembered goes, this one takes its place.
  if (!isFirst) void holdLock(lock, {});
  return {
    getItem: (key) => sessionStorage.getItem(key) ?? (isFirst ? localStorage.getItem(key) : null),
    setItem: (key, value) => {
      sessionStorage.setItem(key, value);
      if (lock.isHeld) localStorage.setItem(key, value);
    },
  };
}

/** Holds the lock until the page goes; resolves with false where another window has it. */
async function holdLock(lock: { isHeld: boolean }, options: LockOptions): Promise<boolean> {
  // A page that came over plain HTTP from another machine has no locks.
  if (!('locks' in navigator)) return false;
  return new Promise((resolve) => {
    void navigator.locks.request(lockName, options, (granted) => {
      lock.isHeld = granted !== null;
      resolve(lock.isHeld);
      return granted === null ? undefined : new Promise(() => undefined);
    });
  });
}
