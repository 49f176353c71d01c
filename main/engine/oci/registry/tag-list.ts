/** The tags of a repository: the OCI distribution specification, "Listing tags". */
import { z } from 'zod';
import type { ImageReference } from '../../../contract/image-reference.ts';
import type { Credential } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { parseDocument } from '../document.ts';
import { nextLink } from './link-header.ts';
import { quote } from '../quote.ts';
import type { RegistryRequests } from './registry-requests.ts';
import { withRetries, type Backoff } from './retry.ts';
import { statusError } from './status-error.ts';

const pageSize = 1000;
const maxPages = 20;
const maxTags = 10_000;
const maxPageBytes = 2 * 1024 * 1024;
/** As many as the bytes hold: some registries know no pages. */
const maxPageValues = maxPageBytes;

const tagPattern = /^\w[\w.-]{0,127}$/;
/** A repository whose tags are all deleted has `null` at some registries. */
const pageSchema = z.object({ tags: z.array(z.unknown()).nullish() });

/** Options of {@link listTags}. */
export interface TagListOptions {
  readonly credential?: Credential | undefined;
  readonly backoffMs: Backoff;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The tags in the registry's order; of a repository with very many, the first. What is no tag is
 * left out. Throws `image/not-found`, `registry/…` or `operation/cancelled`.
 */
export async function listTags(
  requests: RegistryRequests,
  { registry, repository }: Pick<ImageReference, 'registry' | 'repository'>,
  { credential, backoffMs, signal }: TagListOptions,
): Promise<string[]> {
  const what = `the tags of ${quote(`${registry}/${repository}`)}`;
  const tags = new Set<string>();
  let path: string | URL | undefined = `tags/list?n=${String(pageSize)}`;
  for (let page = 0; path !== undefined && page < maxPages && tags.size < maxTags; page += 1) {
    const asked: string | URL = path;
    path = await withRetries(
      async () => {
        const request = { registry, repository, path: asked, credential, signal };
        const answer = await requests.send(request);
        if (answer.status !== 200) throw await statusError(answer, what, 'image/not-found');
        const origin = { name: answer.url.host, malformed: 'registry/bad-answer' } as const;
        const bytes = await answer.read(maxPageBytes);
        const list = 'The list of tags';
        const { tags: found } = parseDocument(bytes, list, pageSchema, origin, maxPageValues);
        for (const tag of found ?? []) if (tags.size < maxTags && isTag(tag)) tags.add(tag);
        const next = nextLink(answer.header('link') ?? '');
        return next === undefined ? undefined : nextPage(next, answer.url);
      },
      { backoffMs, signal },
    );
  }
  return [...tags];
}

function isTag(value: unknown): value is string {
  return typeof value === 'string' && tagPattern.test(value);
}

/** The rest of a list is where its beginning is. */
function nextPage(link: string, from: URL): URL {
  const url = URL.parse(link, from.href);
  if (url?.origin === from.origin) return url;
  throw new AppError(
    'registry/bad-answer',
    `The list of tags of ${quote(from.host)} goes on at ${quote(link)}, which is not safe to follow.`,
  );
}
