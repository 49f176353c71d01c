import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { probeDiskSpace } from './disk-space-probe.ts';

describe('probeDiskSpace', () => {
  const temporary = useTemporaryDirectory();

  it('answers for a directory, and for one that is not there yet', async () => {
    const { freeBytes, totalBytes } = await probeDiskSpace(temporary.path);
    expect(freeBytes).toBeGreaterThan(0);
    expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
    const later = await probeDiskSpace(join(temporary.path, 'not', 'yet'));
    expect(later.totalBytes).toBe(totalBytes);
  });

  it('rejects where there can be no directory', async () => {
    await expect(probeDiskSpace('/dev/null/state')).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
