/** `skerry images tag` and `rm`. */
import { withHost } from '../connect.ts';
import { formatBytes, printable } from '../format.ts';
import { print } from '../output.ts';

/** `skerry images tag` */
export function tagImage(reference: string, as: string): Promise<number> {
  return withHost(async (host) => {
    await host.procedures.images.tag({ reference, as });
    return 0;
  });
}

/** `skerry images rm`: one after the other; stops at the first that cannot be removed. */
export function removeImages(
  references: readonly string[],
  { force }: { readonly force?: boolean },
): Promise<number> {
  return withHost(async (host) => {
    for (const reference of references) {
      const removal = await host.procedures.images.remove({ reference, force: force === true });
      const names = removal.references.length === 0 ? [reference] : removal.references;
      const freed = removal.freedBytes === 0 ? '' : `, ${formatBytes(removal.freedBytes)} freed`;
      await print(printable(`${names.join(', ')} removed${freed}\n`));
    }
    return 0;
  });
}
