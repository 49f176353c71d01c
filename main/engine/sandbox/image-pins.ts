/** Which images the records on the disk need, kept in memory beside them. */
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { ImagePins } from '../image/upkeep/collector.ts';
import type { SandboxRecord } from './sandbox-record.ts';

interface Pin {
  readonly name: string;
  readonly digest: string;
}

/** More of a record that cannot be read is not looked at. */
const maxBytes = 16 * 1024 * 1024;

/** See the head of this file. */
export class RecordPins {
  /** By the id of the sandbox. */
  readonly #pins = new Map<string, Pin>();
  readonly #others = new Set<string>();

  /**
   * To be called before a record is written, so that no moment is without it.
   * @param name who needs it, for people
   */
  add(
    { id, config, root }: Pick<SandboxRecord, 'id' | 'config' | 'root'>,
    name = config.name,
  ): void {
    if (root.kind === 'image') this.#pins.set(id, { name, digest: root.digest });
  }

  /** To be called when a record is gone. Returns the digest of its image. */
  delete(id: string): string | undefined {
    const digest = this.#pins.get(id)?.digest;
    this.#pins.delete(id);
    return digest;
  }

  /**
   * A record that cannot be read may be mended by its owner: whatever digests its text names, and
   * the files that its machine was started with, stay.
   */
  async addUnreadable(dir: string): Promise<void> {
    for (const name of ['sandbox.json', 'snapshot.json', 'root.vmdk']) {
      const text = await readStart(path.join(dir, name));
      for (const [, hex] of text.matchAll(/sha256[:-]([0-9a-f]{64})/g)) {
        this.#others.add(`sha256:${hex ?? ''}`);
      }
    }
  }

  /** What must not go. */
  get(): ImagePins {
    const users = new Map<string, string[]>();
    for (const { name, digest } of this.#pins.values()) {
      const names = users.get(digest) ?? [];
      if (!names.includes(name)) users.set(digest, [...names, name].sort());
    }
    return { users, others: this.#others };
  }
}

/** What all of them need. */
export function joinPins(all: readonly ImagePins[]): ImagePins {
  const users = new Map<string, readonly string[]>();
  for (const [digest, names] of all.flatMap((pins) => [...pins.users])) {
    users.set(digest, [...new Set([...(users.get(digest) ?? []), ...names])].sort());
  }
  return { users, others: new Set(all.flatMap((pins) => [...pins.others])) };
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.min(size, maxBytes)),
      position: 0,
    });
    return buffer.toString('latin1', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await handle.close();
  }
}
