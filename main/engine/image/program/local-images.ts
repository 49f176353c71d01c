/** What `docker images`, `podman images` and `buildah images` print. Pure. */
import { z } from 'zod';
import type { ImageProgram, LocalImage } from '../../../contract/image-transfer.ts';

const maxImages = 10_000;
const text = z.string().max(1024);

const dockerSchema = z.object({
  Repository: text,
  Tag: text,
  ID: text,
  Size: text.optional(),
});

const podmanSchema = z
  .array(z.object({ Id: text, Names: z.array(text).nullish(), Size: z.number().nullish() }))
  .max(maxImages);

const buildahSchema = z
  .array(z.object({ id: text, names: z.array(text).nullish(), size: text.nullish() }))
  .max(maxImages);

/**
 * The images that have a name, one for each name. Throws where the output is not what the program
 * prints.
 */
export function parseLocalImages(program: ImageProgram, output: string): LocalImage[] {
  const images = new Map<string, LocalImage>();
  for (const image of parse(program, output)) images.set(image.reference, { program, ...image });
  return [...images.values()];
}

type Listed = Omit<LocalImage, 'program'>;

function parse(program: ImageProgram, output: string): Listed[] {
  switch (program) {
    case 'docker':
      return output
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(0, maxImages)
        .map((line) => dockerSchema.parse(JSON.parse(line)))
        .filter(({ Repository, Tag }) => Repository !== '<none>' && Tag !== '<none>')
        .map(({ Repository, Tag, ID, Size }) => ({
          reference: `${Repository}:${Tag}`,
          id: ID,
          ...sizeOf(Size),
        }));
    case 'podman':
      return podmanSchema.parse(JSON.parse(output)).flatMap(({ Id, Names, Size }) =>
        (Names ?? []).map((reference) => ({
          reference,
          id: Id,
          ...(Size !== undefined && Size !== null && { sizeBytes: Size }),
        })),
      );
    case 'buildah':
      return buildahSchema
        .parse(JSON.parse(output))
        .flatMap(({ id, names, size }) =>
          (names ?? []).map((reference) => ({ reference, id, ...sizeOf(size ?? undefined) })),
        );
  }
}

const units: Readonly<Record<string, number>> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** `7.66MB`, `3.77 KB`; nothing where it is written otherwise. */
function sizeOf(size: string | undefined): { sizeBytes?: number } {
  const match = /^([0-9]+(?:\.[0-9]+)?) ?([kmgt]?b)$/i.exec(size ?? '');
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  return unit === undefined ? {} : { sizeBytes: Math.round(Number(match?.[1]) * unit) };
}
