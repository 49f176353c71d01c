import { describe, expect, it } from 'vitest';
import { AppError } from '../base/app-error.ts';
import { useTemporaryDirectory } from '../testing/temporary-directory.ts';
import { chooseAccelerator, examineHost } from './host-checks.ts';

describe('chooseAccelerator', () => {
  const temporary = useTemporaryDirectory();

  it.each(['tcg', 'kvm'])('does as SKERRY_ACCEL=%s says', async (value) => {
    expect(await chooseAccelerator(temporary.path, { SKERRY_ACCEL: value })).toBe(value);
  });

  it('refuses another value', async () => {
    await expect(chooseAccelerator(temporary.path, { SKERRY_ACCEL: 'xen' })).rejects.toMatchObject({
      code: 'config/invalid',
      message: 'SKERRY_ACCEL is "xen"; it can be tcg or kvm.',
    });
  });
});

describe('examineHost', () => {
  const temporary = useTemporaryDirectory();

  it('reports every check with evidence, and what is missing with a fix', async () => {
    const stateDir = `${temporary.path}/state`;
    const report = await examineHost({
      stateDir,
      cacheDir: temporary.path,
      loadAssets: () => Promise.reject(new AppError('vm/assets-missing', 'There are none.')),
      env: { SKERRY_ACCEL: 'tcg' },
    });
    expect(report.accelerator).toBe('tcg');
    expect(report.acceleratorNote).toMatch(/slow. SKERRY_ACCEL asks for it.$/);
    const ids = report.checks.map(({ id }) => id);
    expect(ids).toEqual([
      ...['kvm', 'qemu', 'guest-assets', 'disk-space', 'state-directory', 'shares', 'echoes'],
    ]);
    expect(report.checks[5]).toMatchObject({ result: 'warn', evidence: 'There are none.' });
    for (const { evidence } of report.checks) expect(evidence).not.toBe('');
    expect(report.checks[2]).toMatchObject({
      result: 'fail',
      evidence: 'There are none.',
      fix: 'npm start',
    });
    expect(report.checks[4]?.evidence).toBe(
      `${stateDir} does not exist yet; it can be made in ${temporary.path}.`,
    );
  });

  it('says that a state directory below a file cannot be', async () => {
    const report = await examineHost({
      stateDir: '/dev/null/state',
      cacheDir: temporary.path,
      loadAssets: () => Promise.reject(new AppError('vm/assets-missing', 'There are none.')),
    });
    expect(report.checks[4]).toMatchObject({ result: 'fail' });
    expect(report.checks[3]).toMatchObject({ result: 'fail' });
  });
});
