/** Pushes, commits, suggestions and checks of the fake engine. */
import { AppError } from '../base/app-error.ts';
import type { ImageCalls } from '../image-calls.ts';
import type { FakeCheck } from './fake-check.ts';
import type { FakeImageStore } from './fake-image-transfer.ts';

/** What the calls need besides the images. */
interface Surroundings {
  /** Takes what was asked to be committed. */
  readonly commits: Parameters<ImageCalls['commit']>[0][];
  readonly check: FakeCheck;
  /** The kind of a sandbox's root; throws where there is no such sandbox. */
  readonly rootOf: (sandbox: string) => string | undefined;
}

/** The error for an image that is to be there. */
export function imageNotStored(reference: string): AppError {
  return new AppError('image/not-stored', `"${reference}" is not in the store.`);
}

/** Binds the calls. */
export function fakeImageWork(
  store: FakeImageStore,
  { commits, check, rootOf }: Surroundings,
): Pick<ImageCalls, 'commit' | 'push' | 'search' | 'check'> {
  return {
    commit: async (request) => {
      const { sandbox, reference } = request;
      commits.push(request);
      if (rootOf(sandbox) !== 'image') {
        const message = `The root of "${sandbox}" is no image.`;
        throw new AppError('image/nothing-to-commit', message);
      }
      return Promise.resolve(
        store.begin({
          kind: 'commit',
          subject: sandbox,
          what: reference,
          succeed: () => {
            store.add(reference);
          },
          outcome: { references: [reference], digest: store.digestOf(reference) },
        }),
      );
    },
    push: ({ reference, as = reference }) =>
      Promise.resolve(
        store.begin({
          kind: 'push',
          subject: as,
          what: reference,
          failure: store.has(reference) ? undefined : imageNotStored(reference),
          succeed: () => undefined,
          outcome: { references: [as], digest: store.digestOf(reference) },
        }),
      ),
    search: (text) => {
      const references = store.names().filter((name) => name.includes(text));
      const suggestions = references.map((reference) => ({ reference, source: 'store' as const }));
      return Promise.resolve({ suggestions });
    },
    check: (options) =>
      Promise.resolve(
        store.begin({
          kind: 'check',
          subject: 'images',
          what: 'images',
          succeed: () => undefined,
          outcome: check.outcome(options?.mend ?? false),
        }),
      ),
  };
}
