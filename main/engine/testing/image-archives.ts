/** Archives of images, entry by entry, so that a test can spoil any part of one. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { hostArchitecture } from './write-oci-layout.ts';
import type { TarEntry } from './tar.ts';

/** The files of an OCI layout as entries of a tar, as `tar -c` in its directory would write them. */
export async function entriesOfLayout(dir: string): Promise<TarEntry[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const entries = files.sort().map(async (file) => ({
    name: relative(dir, file),
    content: await readFile(file),
  }));
  return await Promise.all(entries);
}

/** An image of {@link dockerEntries}. */
export interface DockerArchiveImage {
  /** Uncompressed, bottom first. */
  readonly tars: readonly Uint8Array[];
  /** As they are in the archive, where that is another form. */
  readonly stored?: readonly Uint8Array[];
  readonly names?: readonly string[] | null;
  readonly architecture?: string;
}

/** What `docker save` wrote before version 25: a directory per layer, `manifest.json` at the end. */
export function dockerEntries(images: readonly DockerArchiveImage[]): TarEntry[] {
  const entries = new Map<string, TarEntry>();
  const manifest = images.map(({ tars, stored = tars, names = null, architecture }) => {
    const config = Buffer.from(
      JSON.stringify({
        architecture: architecture ?? hostArchitecture,
        os: 'linux',
        config: { Cmd: ['/bin/sh'] },
        rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
      }),
    );
    const layers = stored.map((bytes) => {
      const id = sha256(Buffer.concat([Buffer.from('layer'), bytes]));
      entries.set(`${id}/`, { name: id, type: 'directory' });
      entries.set(`${id}/VERSION`, { name: `${id}/VERSION`, content: '1.0' });
      entries.set(`${id}/json`, { name: `${id}/json`, content: '{}' });
      entries.set(`${id}/layer.tar`, { name: `${id}/layer.tar`, content: bytes });
      return `${id}/layer.tar`;
    });
    const name = `${sha256(config)}.json`;
    entries.set(name, { name, content: config });
    return { Config: name, RepoTags: names, Layers: layers };
  });
  return [
    ...entries.values(),
    { name: 'manifest.json', content: JSON.stringify(manifest) },
    { name: 'repositories', content: '{}' },
  ];
}

/** Hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
