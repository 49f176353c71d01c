import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { extract } from 'tar-stream';
import { buildStarterTar } from './starter-image.ts';

const content = {
  busybox: Buffer.from('program'),
  license: Buffer.from('license'),
  applets: ['usr/bin/awk', 'bin/sh', 'bin/busybox', 'bin/sh'],
  version: '1:1.35.0-4',
  createdAt: new Date(1_700_000_000_000),
};

interface Entry {
  readonly type: string | null | undefined;
  readonly mode: number | undefined;
  readonly linkname: string | null | undefined;
  readonly text: string;
}

async function read(tar: Uint8Array): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const parser = extract();
  await Promise.all([
    pipeline(Readable.from([Buffer.from(tar)]), parser),
    (async () => {
      for await (const entry of parser) {
        const { name, type, mode, linkname } = entry.header;
        expect(entries.has(name)).toBe(false);
        entries.set(name, { type, mode, linkname, text: await text(entry) });
      }
    })(),
  ]);
  return entries;
}

describe('buildStarterTar', () => {
  it('gives the same bytes each time', async () => {
    const reordered = { ...content, applets: content.applets.toReversed() };
    expect(await buildStarterTar(content)).toEqual(await buildStarterTar(reordered));
  });

  it('holds the program, a symlink for each applet, and what a shell needs', async () => {
    const entries = await read(await buildStarterTar(content));
    expect(entries.get('bin/busybox')).toMatchObject({
      type: 'file',
      mode: 0o755,
      text: 'program',
    });
    for (const applet of ['bin/sh', 'usr/bin/awk']) {
      expect(entries.get(applet)).toMatchObject({ type: 'symlink', linkname: '/bin/busybox' });
    }
    expect(entries.get('tmp/')).toMatchObject({ type: 'directory', mode: 0o1777 });
    expect(entries.get('etc/passwd')?.text).toContain('root:x:0:0:root:/root:/bin/sh\n');
    expect(entries.get('etc/profile')?.text).toContain('PS1=');
  });

  it('has the directory of every entry before it', async () => {
    const names = [...(await read(await buildStarterTar(content))).keys()];
    const seen = new Set<string>();
    for (const name of names) {
      const parent = name.replace(/\/$/, '').split('/').slice(0, -1).join('/');
      if (parent !== '') expect(seen, name).toContain(`${parent}/`);
      seen.add(name);
    }
  });
});
