import type { Image } from '../../contract/image.ts';
import { withHost } from '../connect.ts';
import { followOperation } from '../follow-operation.ts';
import { formatAge, formatBytes, formatTable, shortDigest } from '../format.ts';
import { Interrupts } from '../interrupts.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** `skerry pull`: prints the digest of what is in the store then. */
export function pull(reference: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    using interrupts = new Interrupts();
    const { images } = host.procedures;
    const operation = await images.pull({ reference });
    const { outcome } = await followOperation(host, operation, interrupts);
    if (json === true) {
      const name = outcome?.references?.[0];
      await printJson((await images.list()).find((image) => image.reference === name) ?? null);
    } else await print(`${outcome?.digest ?? reference}\n`);
    return 0;
  });
}

/** `skerry images` */
export function listImages({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const images = await host.procedures.images.list();
    if (json === true) await printJson(images);
    else await print(imagesTable(images, Date.now()));
    return 0;
  });
}

/** One line per image. */
export function imagesTable(images: readonly Image[], nowMs: number): string {
  return formatTable([
    ['IMAGE', 'DIGEST', 'PLATFORM', 'SIZE', 'PULLED'],
    ...images.map(({ reference, digest, platform, diskBytes, pulledAtMs }) => [
      reference,
      shortDigest(digest),
      platform,
      formatBytes(diskBytes),
      `${formatAge(pulledAtMs, nowMs)} ago`,
    ]),
  ]);
}
