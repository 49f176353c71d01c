import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createSafeStorageCipher } from './safe-storage-cipher.ts';
import { resetElectron, safeStorage } from './testing/fake-electron.ts';

vi.mock('electron', () => import('./testing/fake-electron.ts'));
beforeEach(resetElectron);

describe('createSafeStorageCipher', () => {
  it('encrypts and decrypts, and says what has to be encrypted anew', async () => {
    const cipher = createSafeStorageCipher('linux');
    const bytes = await cipher.encrypt('open sesame');
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('sesame');
    expect(await cipher.decrypt(bytes)).toEqual({ text: 'open sesame', isOutdated: false });
    safeStorage.key = 2;
    expect(await cipher.decrypt(bytes)).toEqual({ text: 'open sesame', isOutdated: true });
  });

  it('is of no use without encryption', async () => {
    const cipher = createSafeStorageCipher('darwin');
    expect(await cipher.problem()).toBeUndefined();
    safeStorage.available = false;
    expect(await cipher.problem()).toBe('is not available');
  });

  it.each([
    ['gnome_libsecret', undefined],
    ['kwallet6', undefined],
    ['basic_text', 'is not there'],
    ['unknown', 'is not there'],
  ] as const)('on Linux, with %s: %s', async (backend, problem) => {
    safeStorage.backend = backend;
    expect(await createSafeStorageCipher('linux').problem()).toBe(problem);
  });
});
