/** Paths of a layer's entries, cleaned; and the marks that take away what lower layers have. */
import { limits } from './limits.ts';
import { corruptLayer, quoteName, unsafeLayer } from './layer-problem.ts';

/** What the path of an entry says. Paths are relative to the root, without `.`, `..` and `//`. */
export type LayerPath =
  | { readonly kind: 'entry'; readonly path: string }
  /** Takes this path of lower layers away. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** Takes away all that lower layers have in this directory. */
  | { readonly kind: 'opaque'; readonly path: string };

const whiteoutPrefix = '.wh.';
const opaqueName = '.wh..wh..opq';

/**
 * Cleans a path (bytes as Latin-1) and reads the whiteout marks of OCI layer.md.
 * An absolute path is taken from the image's root. Throws `image/layer-unsafe` for one that climbs.
 */
export function readLayerPath(raw: string): LayerPath {
  const names = cleanNames(raw, raw);
  const last = names.at(-1) ?? '';
  const parents = names.slice(0, -1);
  if (parents.some((name) => name.startsWith(whiteoutPrefix))) throw reserved(raw);
  if (last === opaqueName) return { kind: 'opaque', path: parents.join('/') };
  if (!last.startsWith(whiteoutPrefix)) return { kind: 'entry', path: names.join('/') };
  const target = last.slice(whiteoutPrefix.length);
  if (target === '' || target === '.' || target === '..' || target.startsWith(whiteoutPrefix)) {
    throw reserved(raw);
  }
  return { kind: 'whiteout', path: [...parents, target].join('/') };
}

/** Cleans the target of a hard link, which is a path from the root. */
export function cleanLinkTarget(raw: string, entry: string): string {
  const names = cleanNames(raw, entry);
  if (names.length === 0) throw unsafeLayer(`${quoteName(entry)} is a hard link to the root.`);
  return names.join('/');
}

function cleanNames(raw: string, entry: string): string[] {
  if (raw.length > limits.pathBytes) {
    throw unsafeLayer(`A path of ${String(raw.length)} bytes is too long: ${quoteName(raw)}.`);
  }
  if (raw.includes('\0')) throw corruptLayer(`The path ${quoteName(raw)} has a NUL in it.`);
  const names = raw.split('/').filter((name) => name !== '' && name !== '.');
  for (const name of names) {
    if (name === '..') {
      throw unsafeLayer(`The path ${quoteName(raw)} of ${quoteName(entry)} climbs with "..".`);
    }
    // The mark is no name of a file: it is longer than the name that it is about.
    const prefixBytes = name.startsWith(whiteoutPrefix) ? whiteoutPrefix.length : 0;
    if (name.length > limits.nameBytes + prefixBytes) {
      throw unsafeLayer(`A name of ${String(name.length)} bytes is too long: ${quoteName(raw)}.`);
    }
  }
  return names;
}

function reserved(raw: string): Error {
  return unsafeLayer(`The name ${quoteName(raw)} is reserved for whiteouts and is none.`);
}
