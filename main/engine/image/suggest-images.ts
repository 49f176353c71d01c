/** What is offered for what has been typed where an image is to be named. */
import { parseImageReference, type ImageReference } from '../../contract/image-reference.ts';
import type { ImageSuggestions } from '../../contract/image-transfer.ts';
import { isAppError } from '../base/app-error.ts';

type Suggestion = ImageSuggestions['suggestions'][number];

/** Where suggestions come from. */
export interface SuggestionSources {
  /** Images of the store as people write them, the last pulled first. */
  stored(): Promise<string[]>;
  /** Images that sandboxes have, the latest first. */
  recent(): string[];
  tags(repository: ImageReference): Promise<string[]>;
}

const maxSuggestions = 50;

/**
 * Never fails: what the registry does not tell is a `problem`. Its tags are asked for where the
 * text names a repository to its end: behind it comes a colon, or a registry before it.
 */
export async function suggestImages(
  text: string,
  sources: SuggestionSources,
  signal?: AbortSignal,
): Promise<ImageSuggestions> {
  const wanted = text.trim();
  const local: Suggestion[] = [
    ...(await sources.stored()).map((reference) => ({ reference, source: 'store' as const })),
    ...sources.recent().map((reference) => ({ reference, source: 'recent' as const })),
  ];
  const asked = repositoryOf(wanted);
  const found = asked === undefined ? {} : await askTags(asked, sources, signal);
  const ofRegistry = (found.tags ?? []).map((reference) => ({
    reference,
    source: 'registry' as const,
  }));
  return {
    suggestions: rank(wanted, [...local, ...ofRegistry]),
    ...(found.problem !== undefined && { problem: found.problem }),
  };
}

interface Asked {
  /** As it was typed, without a tag. */
  readonly written: string;
  readonly reference: ImageReference;
  /** Whether the name ends before a colon. Else it may still be under way. */
  readonly isWhole: boolean;
}

function repositoryOf(text: string): Asked | undefined {
  const [, written = '', tag] = /^([^@]*?)(:[\w.-]*)?$/.exec(text) ?? [];
  const parsed = parseImageReference(written);
  if (!parsed.ok) return undefined;
  const slash = written.indexOf('/');
  const first = slash < 0 ? written : written.slice(0, slash);
  const namesRegistry = /[.:]/.test(first) || first === 'localhost';
  // `localhost:5000` is a registry whose repository is still to come.
  if (slash < 0 ? namesRegistry || tag === undefined : !namesRegistry && tag === undefined) {
    return undefined;
  }
  return { written, reference: parsed.reference, isWhole: tag !== undefined };
}

async function askTags(
  { written, reference, isWhole }: Asked,
  sources: SuggestionSources,
  signal: AbortSignal | undefined,
): Promise<{ tags?: string[]; problem?: string }> {
  const { promise, resolve } = Promise.withResolvers<object>();
  const leave = (): void => {
    resolve({});
  };
  if (signal?.aborted === true) leave();
  signal?.addEventListener('abort', leave);
  const asking = sources.tags(reference).then(
    (tags) => ({ tags: tags.map((tag) => `${written}:${tag}`) }),
    (error: unknown) =>
      !isWhole && isAppError(error, 'image/not-found')
        ? {}
        : { problem: problemOf(error, reference.registry) },
  );
  try {
    return await Promise.race([asking, promise]);
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

function problemOf(error: unknown, registry: string): string {
  // Nobody else cancels it.
  if (isAppError(error, 'operation/cancelled')) {
    return `The registry ${registry} did not tell its tags in time.`;
  }
  return isAppError(error) ? error.message : `The registry ${registry} did not tell its tags.`;
}

/** First what begins with the text, then what holds it; each in the order that it came. */
function rank(text: string, suggestions: readonly Suggestion[]): Suggestion[] {
  const wanted = text.toLowerCase();
  const unique = new Map<string, Suggestion>();
  for (const suggestion of suggestions) {
    if (!unique.has(suggestion.reference)) unique.set(suggestion.reference, suggestion);
  }
  const all = [...unique.values()];
  const position = ({ reference }: Suggestion): number => reference.toLowerCase().indexOf(wanted);
  return [
    ...all.filter((suggestion) => position(suggestion) === 0),
    ...all.filter((suggestion) => position(suggestion) > 0),
  ].slice(0, maxSuggestions);
}
