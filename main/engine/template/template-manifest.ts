/** What a template's folder says of itself. Whatever cannot be read so is no template. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { acceleratorSchema } from '../../contract/sandbox.ts';
import type { TemplateShape } from './template-shape.ts';

/** Names of the files in the folder of a template. */
export const templateFiles = {
  manifest: 'manifest.json',
  memory: 'memory',
  state: 'state',
} as const;

/** Version of {@link templateManifestSchema}. */
const manifestVersion = 1;
const maxManifestBytes = 16 * 1024;
/** A state has some hundred kilobytes; a machine has at most so many devices and processors. */
const maxStateBytes = 16 * 1024 * 1024;

const templateManifestSchema = z.strictObject({
  version: z.literal(manifestVersion),
  key: z.string().regex(/^[0-9a-f]{32}$/),
  cpus: z.int().positive(),
  memoryMiB: z.int().positive(),
  accelerator: acceleratorSchema,
  kernelRelease: z.string().max(256),
  tscKHz: z.number().positive().optional(),
  createdAtMs: z.number(),
  /** Space that its files take. */
  bytes: z.number().nonnegative(),
  /**
   * Hundreds of megabytes, which nobody reads through before a start. Its times and number change
   * with whatever is written to it, and with its being copied or replaced.
   */
  memory: z.strictObject({
    size: z.string(),
    ino: z.string(),
    mtimeNs: z.string(),
    ctimeNs: z.string(),
  }),
  /** Hexadecimal SHA-256 of the state. */
  state: z.string(),
});

/** See {@link templateManifestSchema}. */
export type TemplateManifest = z.infer<typeof templateManifestSchema>;

/** What the files of a template are now; the memory is not written any more. */
export async function describeTemplate(
  dir: string,
  shape: TemplateShape,
  createdAtMs: number,
): Promise<TemplateManifest> {
  const [memory, state, bytes] = await Promise.all([
    memoryFacts(dir),
    stateHash(dir),
    spaceOf(dir),
  ]);
  const { key, cpus, memoryMiB, accelerator, kernelRelease, tscKHz } = shape;
  return {
    version: manifestVersion,
    ...{ key, cpus, memoryMiB, accelerator, kernelRelease },
    ...(tscKHz === undefined ? {} : { tscKHz }),
    ...{ createdAtMs, bytes, memory, state },
  };
}

/** @throws Error in words where the folder has no manifest of this version */
export async function readManifest(dir: string): Promise<TemplateManifest> {
  const text = await readFile(path.join(dir, templateFiles.manifest));
  if (text.length > maxManifestBytes) throw new Error('Its manifest is too long.');
  const manifest = templateManifestSchema.parse(JSON.parse(text.toString()));
  if (manifest.key !== path.basename(dir)) throw new Error('Its manifest is of another template.');
  return manifest;
}

/** @throws Error in words where the files are not those that the manifest was written for */
export async function checkFiles(dir: string, manifest: TemplateManifest): Promise<void> {
  const [memory, state] = await Promise.all([memoryFacts(dir), stateHash(dir)]);
  if (state !== manifest.state) throw new Error('Its state is not what was saved.');
  const { size, ino, mtimeNs, ctimeNs } = manifest.memory;
  if (memory.size !== size) throw new Error('Its memory has another size.');
  if (memory.ino !== ino || memory.mtimeNs !== mtimeNs || memory.ctimeNs !== ctimeNs) {
    throw new Error('Its memory was written to, or replaced.');
  }
}

async function memoryFacts(dir: string): Promise<TemplateManifest['memory']> {
  const facts = await stat(path.join(dir, templateFiles.memory), { bigint: true });
  return {
    size: String(facts.size),
    ino: String(facts.ino),
    mtimeNs: String(facts.mtimeNs),
    ctimeNs: String(facts.ctimeNs),
  };
}

async function stateHash(dir: string): Promise<string> {
  const file = path.join(dir, templateFiles.state);
  if ((await stat(file)).size > maxStateBytes) throw new Error('Its state is too long.');
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function spaceOf(dir: string): Promise<number> {
  const files = [templateFiles.memory, templateFiles.state].map((name) => path.join(dir, name));
  const facts = await Promise.all(files.map((file) => stat(file)));
  return facts.reduce((sum, { blocks }) => sum + blocks * 512, 0);
}
