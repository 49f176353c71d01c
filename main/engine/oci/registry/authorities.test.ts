import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { readAuthorities } from './authorities.ts';

describe('readAuthorities', () => {
  const temporary = useTemporaryDirectory();
  const [first = '', second = ''] = rootCertificates;
  const file = (): string => join(temporary.path, 'ca.pem');

  it('gives the certificates and leaves out what else is there', async () => {
    await writeFile(file(), `# A comment\n${first}\n\n# Another\n${second}\n`);
    expect(await readAuthorities(file())).toEqual([first, second]);
  });

  it('takes Windows’ ends of lines', async () => {
    await writeFile(file(), first.replaceAll('\n', '\r\n'));
    expect(await readAuthorities(file())).toHaveLength(1);
  });

  it.each([
    ['nothing', '', 'holds no certificate'],
    [
      'a key',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      'holds no certificate',
    ],
    [
      'what is no certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'in the place of certificate 1',
    ],
  ])('refuses %s, and names the file', async (_, text, problem) => {
    await writeFile(file(), text);
    await expect(readAuthorities(file())).rejects.toMatchObject({
      code: 'registry/tls-failed',
      message: expect.stringMatching(new RegExp(`ca\\.pem.*${problem}`)) as string,
    });
  });

  it('refuses what is not there, a directory, and a file without end', async () => {
    await expect(readAuthorities(file())).rejects.toThrow('is not there');
    await mkdir(file());
    await expect(readAuthorities(file())).rejects.toThrow('ca.pem');
    await expect(readAuthorities('/dev/zero')).rejects.toThrow('is no file');
    const large = join(temporary.path, 'large.pem');
    await writeFile(large, first);
    await truncate(large, 10 * 1024 * 1024);
    await expect(readAuthorities(large)).rejects.toThrow('is no file of at most');
  });
});
