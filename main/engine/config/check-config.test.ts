import { describe, expect, it } from 'vitest';
import { checkConfig } from './check-config.ts';

const GiB = 1024 ** 3;

describe('checkConfig', () => {
  it('needs a name and an image, and fills in the rest', () => {
    expect(checkConfig({ name: 'web', image: 'alpine' }, 4 * GiB)).toEqual({
      name: 'web',
      image: 'alpine',
      cpus: 1,
      memoryMiB: 512,
      rootDiskMiB: 8192,
      shell: '/bin/sh',
      env: {},
    });
  });

  it('refuses memory that the machine does not have, naming both sizes', () => {
    const check = () => checkConfig({ name: 'web', image: 'alpine', memoryMiB: 8192 }, 4 * GiB);
    expect(check).toThrow('Memory of 8192 MiB is more than this machine has (4096 MiB).');
  });

  it.each([
    [{ name: '-web', image: 'alpine' }, 'name'],
    [{ name: 'a'.repeat(65), image: 'alpine' }, 'name'],
    [{ name: 'web', image: 'Alpine' }, 'image'],
    [{ name: 'web', image: 'alpine', cpus: 0 }, 'cpus'],
    [{ name: 'web', image: 'alpine', cpus: 1.5 }, 'cpus'],
    [{ name: 'web', image: 'alpine', memoryMiB: 1 }, 'memoryMiB'],
    [{ name: 'web', image: 'alpine', shell: 'sh' }, 'shell'],
    [{ name: 'web', image: 'alpine', env: { 'A=B': 'c' } }, 'env.A=B'],
  ])('names the field of %o', (input, field) => {
    try {
      checkConfig(input, 4 * GiB);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'config/invalid' });
      const { details } = error as { details: { issues: { field: string }[] } };
      expect(details.issues.map((issue) => issue.field)).toContain(field);
    }
  });
});
