import type { FoundProgram, LocalImage } from '../../contract/image-transfer.ts';
import { withHost } from '../connect.ts';
import { formatBytes, formatTable, shortDigest } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** `skerry images local` */
export function listLocalImages({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const { images } = host.procedures;
    const [programs, found] = await Promise.all([images.programs(), images.localImages()]);
    if (json === true) await printJson({ programs, images: found });
    else await print(localImagesTable(programs, found));
    return 0;
  });
}

/** One line per image, and one per program that cannot be asked. */
function localImagesTable(
  programs: readonly FoundProgram[],
  images: readonly LocalImage[],
): string {
  if (programs.length === 0) return 'There is no podman, docker or buildah here.\n';
  const table = formatTable([
    ['PROGRAM', 'IMAGE', 'ID', 'SIZE'],
    ...images.map(({ program, reference, id, sizeBytes }) => [
      program,
      reference,
      shortDigest(id),
      sizeBytes === undefined ? '-' : formatBytes(sizeBytes),
    ]),
  ]);
  const problems = programs.flatMap(({ program, problem }) =>
    problem === undefined ? [] : [[program, problem]],
  );
  return problems.length === 0 ? table : `${table}\n${formatTable(problems)}`;
}
