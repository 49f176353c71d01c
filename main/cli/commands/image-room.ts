/** The room that images take: `skerry images prune`, `df` and `limit`. */
import { createInterface } from 'node:readline/promises';
import type { Removal, StoreUsage } from '../../contract/image-upkeep.ts';
import { withHost } from '../connect.ts';
import { UsageError } from '../exit-code.ts';
import { formatBytes, formatTable, printable, shortDigest } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson, write } from '../output.ts';

/** Options of `skerry images prune`. */
export interface PruneOptions extends JsonOption {
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** `skerry images prune`: says what would go and asks, on a terminal. */
export function pruneImages({ all, dryRun, force, json }: PruneOptions): Promise<number> {
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  if (dryRun !== true && force !== true && !isTerminal) {
    throw new UsageError('Without a terminal nobody can be asked: --force, or --dry-run to look.');
  }
  return withHost(async (host) => {
    const request = { all: all === true };
    if (force !== true || dryRun === true) {
      const preview = await host.procedures.images.prune({ ...request, isPreview: true });
      const text = removalText(preview, 'would be freed');
      if (dryRun === true) {
        await (json === true ? printJson(preview) : print(text));
        return 0;
      }
      await write(process.stderr, text);
      const isNothing = preview.freedBytes === 0 && preview.references.length === 0;
      if (!isNothing && !(await isConfirmed('Remove it? [y/N] '))) return 1;
    }
    const removal = await host.procedures.images.prune({ ...request, isPreview: false });
    await (json === true ? printJson(removal) : print(removalText(removal, 'freed')));
    return 0;
  });
}

/** `skerry images df` */
export function showUsage({ json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const usage = await host.procedures.images.usage();
    await (json === true ? printJson(usage) : print(usageText(usage)));
    return 0;
  });
}

/** `skerry images limit`: sets it, unless there is nothing to set, and prints it. */
export function limitStore(limit: number | 'none' | undefined): Promise<number> {
  return withHost(async (host) => {
    const { images } = host.procedures;
    const { limitBytes, totalBytes } =
      limit === undefined
        ? await images.usage()
        : await images.setLimit(limit === 'none' ? {} : { limitBytes: limit });
    const text = limitBytes === undefined ? 'none' : formatBytes(limitBytes);
    await print(`${text} (${formatBytes(totalBytes)} in use)\n`);
    return 0;
  });
}

/** The names, then the sum. */
function removalText({ references, layers, freedBytes }: Removal, what: string): string {
  const count = `${String(layers.length)} ${layers.length === 1 ? 'layer' : 'layers'}`;
  const names = references.map((reference) => `${printable(reference)}\n`).join('');
  return `${names}${formatBytes(freedBytes)} ${what}, ${count}\n`;
}

function usageText(usage: StoreUsage): string {
  const { totalBytes, limitBytes, reclaimableBytes, reclaimableWithImagesBytes } = usage;
  const facts = formatTable([
    ['Total', formatBytes(totalBytes)],
    ['Limit', limitBytes === undefined ? 'none' : formatBytes(limitBytes)],
    ['Not needed', formatBytes(reclaimableBytes)],
    ['With images that no sandbox uses', formatBytes(reclaimableWithImagesBytes)],
    ['In no image', formatBytes(usage.otherBytes)],
  ]);
  const images = formatTable([
    ['IMAGE', 'DIGEST', 'ITS OWN', 'SHARED', 'USED BY'],
    ...usage.images.map(({ digest, references, usedBy, uniqueBytes, sharedBytes }) => [
      references.length === 0 ? '-' : references.join(', '),
      shortDigest(digest),
      formatBytes(uniqueBytes),
      formatBytes(sharedBytes),
      usedBy.length === 0 ? '-' : usedBy.join(', '),
    ]),
  ]);
  return `${facts}\n${images}`;
}

async function isConfirmed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) =>
      lines.once('close', () => {
        resolve('');
      }),
    );
    const answer = await Promise.race([lines.question(question), ended]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
