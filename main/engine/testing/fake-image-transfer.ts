/**
 * Imports, exports and builds of the fake engine. An archive is a text file with a name in each
 * line; one that is exported has its format in the first.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Operation, Outcome } from '../../contract/operation.ts';
import { AppError } from '../base/app-error.ts';
import type { ImageCalls } from '../image-calls.ts';
import type { FakeWork } from './fake-operations.ts';

/** What the calls do to the fake engine. */
export interface FakeImageStore {
  digestOf(reference: string): string;
  names(): string[];
  has(reference: string): boolean;
  add(reference: string): void;
  begin(work: FakeWork): Operation;
}

type TransferCalls = Pick<
  ImageCalls,
  'import' | 'export' | 'programs' | 'localImages' | 'importFrom' | 'build'
>;

/** Binds the calls. Docker has no daemon; podman has `localhost/kept`. */
export function fakeImageTransfer(store: FakeImageStore): TransferCalls {
  const bring = (
    work: Pick<FakeWork, 'kind' | 'subject' | 'failure'>,
    references: readonly string[],
  ): Promise<Operation> =>
    Promise.resolve(
      store.begin({
        ...work,
        what: work.subject,
        outcome: { references: [...references], ...digestOfOnly(references) },
        succeed: () => {
          references.forEach((reference) => {
            store.add(reference);
          });
        },
      }),
    );
  const digestOfOnly = ([first, ...others]: readonly string[]): Pick<Outcome, 'digest'> =>
    first === undefined || others.length > 0 ? {} : { digest: store.digestOf(first) };
  return {
    import: ({ path, as }) => {
      const work = { kind: 'import', subject: path } as const;
      if (!existsSync(path)) {
        const failure = new AppError('image/path-unusable', `"${path}" is not there.`);
        return bring({ ...work, failure }, []);
      }
      const names = readFileSync(path, 'utf8').split('\n').filter(Boolean);
      return bring(work, as === undefined ? names : [as]);
    },
    export: ({ references, path, format = 'oci', replace = false }) => {
      const missing = references.find((reference) => !store.has(reference));
      const failure =
        missing !== undefined
          ? new AppError('image/not-stored', `The image ${missing} is not in the store.`)
          : existsSync(path) && !replace
            ? new AppError('image/file-exists', `There is a file "${path}" already.`)
            : undefined;
      return Promise.resolve(
        store.begin({
          kind: 'export',
          subject: path,
          what: path,
          failure,
          outcome: { references, path, ...digestOfOnly(references) },
          succeed: () => {
            writeFileSync(path, `${[format, ...references].join('\n')}\n`);
          },
        }),
      );
    },
    programs: () =>
      Promise.resolve([
        { program: 'podman', version: '4.3.1', canBuild: true, hasImages: true },
        {
          program: 'docker',
          version: '28.2.2',
          canBuild: false,
          hasImages: false,
          problem: 'Cannot connect to the Docker daemon.',
        },
      ]),
    localImages: () =>
      Promise.resolve([
        { program: 'podman', reference: 'localhost/kept', id: 'a1'.repeat(32), sizeBytes: 1024 },
      ]),
    importFrom: ({ program, reference }) => {
      const failure =
        reference === 'localhost/kept'
          ? undefined
          : new AppError('image/program-failed', `${program} has no image "${reference}".`);
      return bring({ kind: 'import', subject: reference, failure }, [reference]);
    },
    build: ({ tag, program = 'podman' }) => {
      if (program !== 'podman') {
        return Promise.reject(new AppError('image/program-missing', `${program} is not there.`));
      }
      const failure =
        tag === 'failing'
          ? new AppError('image/program-failed', 'podman build ended with the exit code 1.')
          : undefined;
      return bring({ kind: 'build', subject: tag, failure }, [tag]);
    },
  };
}
