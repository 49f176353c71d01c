import { describe, expect, it, vi } from 'vitest';
import { AppError, cancelledError } from '../base/app-error.ts';
import { suggestImages, type SuggestionSources } from './suggest-images.ts';

function sources(parts: Partial<SuggestionSources> = {}): SuggestionSources {
  return {
    stored: () => Promise.resolve(['alpine:3', 'registry.example/team/app:1', 'debian']),
    recent: () => ['my-alpine', 'alpine:3', 'busybox'],
    tags: () => Promise.resolve(['1', '2', '1.5']),
    ...parts,
  };
}

async function suggest(text: string, parts?: Partial<SuggestionSources>): Promise<string[]> {
  const { suggestions } = await suggestImages(text, sources(parts));
  return suggestions.map(({ reference, source }) => `${source} ${reference}`);
}

describe('suggestImages', () => {
  it('offers what begins with the text, then what holds it, each once', async () => {
    expect(await suggest('alp')).toEqual(['store alpine:3', 'recent my-alpine']);
    expect(await suggest('ALP')).toEqual(['store alpine:3', 'recent my-alpine']);
  });

  it('offers everything for nothing', async () => {
    expect(await suggest('')).toHaveLength(5);
  });

  it.each([
    ['alpine:', 'docker.io', 'library/alpine'],
    ['registry.example/team/app', 'registry.example', 'team/app'],
    ['registry.example/team/app:1', 'registry.example', 'team/app'],
    ['localhost:5000/app', 'localhost:5000', 'app'],
    ['team/app:x', 'docker.io', 'team/app'],
  ])('asks for the tags of %s', async (text, registry, repository) => {
    const tags = vi.fn<SuggestionSources['tags']>(() => Promise.resolve([]));
    await suggest(text, { tags });
    expect(tags.mock.calls.map(([asked]) => asked)).toMatchObject([{ registry, repository }]);
  });

  it.each([
    'alpine',
    'team/app',
    'localhost:5000',
    'registry.example:5000',
    'registry.example',
    'registry.example/',
    `app@sha256:${'0'.repeat(64)}`,
    'a:b:c',
    '',
    'Alpine:',
  ])('asks nobody for %j', async (text) => {
    const tags = vi.fn<SuggestionSources['tags']>(() => Promise.resolve([]));
    await suggest(text, { tags });
    expect(tags).not.toHaveBeenCalled();
  });

  it('offers the tags as they would be written on', async () => {
    expect(await suggest('registry.example/team/app:1')).toEqual([
      'store registry.example/team/app:1',
      'registry registry.example/team/app:1.5',
    ]);
  });

  it('offers fifty at most', async () => {
    const tags = Array.from({ length: 500 }, (_, index) => String(index));
    expect(await suggest('x:', { tags: () => Promise.resolve(tags) })).toHaveLength(50);
  });

  it.each([
    ['app:', new AppError('registry/unreachable', 'It is gone.'), 'It is gone.'],
    ['app:', cancelledError('It'), 'The registry docker.io did not tell its tags in time.'],
    ['app:', new Error('?'), 'The registry docker.io did not tell its tags.'],
    ['app:', new AppError('image/not-found', 'No such.'), 'No such.'],
    // The name may still be under way.
    ['a.example/ap', new AppError('image/not-found', 'No such.'), undefined],
  ])('never fails: %s with %s', async (text, error, problem) => {
    const found = await suggestImages(text, sources({ tags: () => Promise.reject(error) }));
    expect(found.problem).toBe(problem);
  });

  it('does not wait for a registry when nobody waits any more', async () => {
    const abort = new AbortController();
    const asking = suggestImages(
      'alpine:',
      sources({
        tags: () => {
          abort.abort();
          return new Promise(() => undefined);
        },
      }),
      abort.signal,
    );
    expect((await asking).suggestions).toHaveLength(1);
  });
});
