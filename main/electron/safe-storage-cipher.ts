import { safeStorage } from 'electron';
import type { SecretCipher } from '../engine/index.ts';

/** Of `getSelectedStorageBackend`: a key that everybody knows, and the time before one is chosen. */
const noKeyrings: readonly string[] = ['basic_text', 'unknown'];

/** Electron's safeStorage: its key is kept by the keychain of the system. */
export function createSafeStorageCipher(platform = process.platform): SecretCipher {
  return {
    name: platform === 'darwin' ? 'the keychain of this Mac' : 'the keyring of this desktop',
    problem: async () => {
      if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'is not available';
      const isThere =
        platform !== 'linux' || !noKeyrings.includes(safeStorage.getSelectedStorageBackend());
      return isThere ? undefined : 'is not there';
    },
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    decrypt: async (bytes) => {
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(bytes));
      return { text: result, isOutdated: shouldReEncrypt };
    },
  };
}
