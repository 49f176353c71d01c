/** `skerry images inspect` */
import type { ImageDetails } from '../../contract/image.ts';
import { withHost } from '../connect.ts';
import { formatBytes, formatTable, shortDigest } from '../format.ts';
import type { JsonOption } from '../options.ts';
import { print, printJson } from '../output.ts';

/** See the head of this file. */
export function inspectImage(reference: string, { json }: JsonOption): Promise<number> {
  return withHost(async (host) => {
    const image = await host.procedures.images.inspect({ reference });
    if (json === true) await printJson(image);
    else await print(`${imageFacts(image)}\n${layersTable(image)}${historyTable(image)}`);
    return 0;
  });
}

/** One line per fact; what the image does not say is left out. */
function imageFacts(image: ImageDetails): string {
  const { config } = image;
  const facts: [name: string, value: string | undefined][] = [
    ['Image', image.reference],
    ['Other names', image.otherReferences.join(', ')],
    ['Digest', image.digest],
    ['Configuration', image.configDigest],
    ['Type', image.mediaType],
    ['Platform', image.platform],
    ['Published for', image.platforms.join(', ')],
    ['Made', toTime(image.createdAtMs)],
    ['Author', image.author],
    ['Pulled', toTime(image.pulledAtMs)],
    ['Download', formatBytes(image.downloadBytes)],
    ['On disk', formatBytes(image.diskBytes)],
    ['Used by', image.usedBy.length === 0 ? 'no sandbox' : image.usedBy.join(', ')],
    ['User', config.user],
    ['Directory', config.workdir],
    ['Entrypoint', toWords(config.entrypoint)],
    ['Command', toWords(config.cmd)],
    ['Stop signal', config.stopSignal],
    ['Ports', config.exposedPorts.join(', ')],
    ['Volumes', config.volumes.join(', ')],
    ...config.env.map((variable): [string, string] => ['Variable', variable]),
    ...Object.entries(config.labels).map(([name, value]): [string, string] => {
      return ['Label', `${name}=${value}`];
    }),
  ];
  return formatTable(facts.flatMap(([name, value]) => (value ? [[name, onOneLine(value)]] : [])));
}

function layersTable({ layers }: ImageDetails): string {
  return formatTable([
    ['LAYER', 'DOWNLOAD', 'ON DISK', 'SHARED WITH'],
    ...layers.map(({ digest, downloadBytes, diskBytes, sharedWith }) => [
      shortDigest(digest),
      formatBytes(downloadBytes),
      formatBytes(diskBytes),
      sharedWith.length === 0 ? '-' : sharedWith.join(', '),
    ]),
  ]);
}

/** The first step first. */
function historyTable({ history }: ImageDetails): string {
  if (history.length === 0) return '';
  const rows = history.map(({ createdAtMs, layer, createdBy, comment }) => [
    toTime(createdAtMs) ?? '-',
    layer === undefined ? '-' : shortDigest(layer),
    onOneLine(createdBy ?? comment ?? ''),
  ]);
  return `\n${formatTable([['MADE', 'LAYER', 'BY'], ...rows])}`;
}

function toTime(ms: number | undefined): string | undefined {
  if (!ms || Math.abs(ms) > 8.64e15) return undefined;
  return new Date(ms).toISOString();
}

function toWords(words: readonly string[]): string {
  return words.length === 0 ? '' : JSON.stringify(words);
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
