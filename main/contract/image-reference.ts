import { z } from 'zod';

/** A parsed image reference. `tag` and `digest` may both be there; then the digest decides. */
export interface ImageReference {
  /** Registry host, with its port where one was given: `docker.io`, `localhost:5000`. */
  readonly registry: string;
  /** Repository path: `library/alpine`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest?: string;
}

/** Registry that a reference without one means. */
const defaultRegistry = 'docker.io';

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const registryPattern =
  /^(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])(?:\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** What {@link parseImageReference} returns: the reference, or one sentence saying what is wrong. */
export type ImageReferenceResult =
  | { readonly ok: true; readonly reference: ImageReference }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a reference as Docker does: `alpine` is `docker.io/library/alpine:latest`.
 * The first path component is a registry if it has a `.` or a `:` or is `localhost`.
 * Grammar: github.com/distribution/reference; lengths by the OCI distribution specification.
 */
export function parseImageReference(text: string): ImageReferenceResult {
  const fail = (problem: string): ImageReferenceResult => ({ ok: false, problem });
  if (text === '') return fail('An image reference is needed.');
  if (text.length > 512) return fail('An image reference has at most 512 characters.');
  if (/\s/.test(text)) return fail(`"${text}" has a space in it.`);
  if (/^[a-z]+:\/\//i.test(text)) return fail(`"${text}" starts with a scheme; leave it out.`);

  const [beforeDigest = '', digest, ...rest] = text.split('@');
  if (rest.length > 0) return fail(`"${text}" has more than one "@".`);
  if (digest !== undefined && !digestPattern.test(digest)) {
    return fail(`"${digest}" is not a digest: it must be sha256: and 64 hexadecimal digits.`);
  }

  const slash = beforeDigest.indexOf('/');
  const first = slash < 0 ? '' : beforeDigest.slice(0, slash);
  const named = first !== '' && (/[.:]/.test(first) || first === 'localhost');
  const registry = named ? first : defaultRegistry;
  const remainder = named ? beforeDigest.slice(slash + 1) : beforeDigest;
  if (!registryPattern.test(registry) || !hasUsablePort(registry)) {
    return fail(`"${registry}" is not the name of a registry.`);
  }

  const colon = remainder.lastIndexOf(':');
  const path = colon < 0 ? remainder : remainder.slice(0, colon);
  const tag = colon < 0 ? undefined : remainder.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return fail(`"${tag}" is not a tag.`);
  if (path === '') return fail(`"${text}" names no image.`);
  if (path !== path.toLowerCase()) return fail(`"${path}" must be in lower case.`);
  if (!repositoryPattern.test(path)) return fail(`"${path}" is not the name of an image.`);

  const official = registry === defaultRegistry && !path.includes('/');
  const repository = official ? `library/${path}` : path;
  if (repository.length > 255) return fail('The name of an image has at most 255 characters.');
  return {
    ok: true,
    reference: {
      registry,
      repository,
      ...(digest === undefined ? { tag: tag ?? 'latest' } : tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

function hasUsablePort(registry: string): boolean {
  const port = /:([0-9]+)$/.exec(registry)?.[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65535);
}

/** The full form, by which the store keys its entries: `docker.io/library/alpine:latest`. */
export function formatImageReference(reference: ImageReference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/**
 * The form people write: without `docker.io/library/` or `docker.io/`, and without `:latest`,
 * wherever it still means the same: `docker.io/localhost/app` keeps its registry.
 */
export function familiarImageReference(reference: ImageReference): string {
  const full = formatImageReference(reference);
  const short = ['docker.io/library/', 'docker.io/']
    .filter((prefix) => full.startsWith(prefix))
    .map((prefix) => full.slice(prefix.length))
    .find((text) => {
      const result = parseImageReference(text);
      return result.ok && formatImageReference(result.reference) === full;
    });
  const familiar = short ?? full;
  return reference.digest === undefined ? familiar.replace(/:latest$/, '') : familiar;
}

/** {@link familiarImageReference} of a reference in any spelling; what is none stays as it is. */
export function familiarReference(text: string): string {
  const result = parseImageReference(text);
  return result.ok ? familiarImageReference(result.reference) : text;
}

/** Text that {@link parseImageReference} accepts. */
export const imageReferenceSchema = z.string().superRefine((text, context) => {
  const result = parseImageReference(text);
  if (!result.ok) context.addIssue({ code: 'custom', message: result.problem });
});
