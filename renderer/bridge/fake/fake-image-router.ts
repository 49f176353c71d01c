/** The part of the in-memory host's router that is about images. */
import { implement } from '@orpc/server';
import { contract } from '../../../main/contract/contract.ts';
import type { Finding } from '../../../main/contract/image-upkeep.ts';
import type { Operation } from '../../../main/contract/operation.ts';
import { aStage, anError } from '../../testing/builders.ts';
import { failure } from './fake-failure.ts';
import type { FakeHost } from './fake-host.ts';
import { buildLines, failureOf, fileStage, layerStages } from './fake-image-work.ts';
import type { FakeWork } from './fake-operations.ts';

const os = implement(contract);

/** See the head of this file. */
export function createFakeImageRouter(host: FakeHost) {
  const { images } = host;
  const start = (work: FakeWork): Operation => host.operations.start(work).operation;
  /** Work that ends with these images in the store. */
  const startAdding = (references: readonly string[], work: Omit<FakeWork, 'outcome'>) =>
    start({
      ...work,
      outcome: () => ({
        references: references.map((reference) => images.add(reference).reference),
        ...(references[0] === undefined ? {} : { digest: images.add(references[0]).digest }),
      }),
    });
  const resolve = (reference: string) => aStage({ key: 'resolve', label: `Resolve ${reference}` });

  return {
    list: os.images.list.handler(() => [...images.all]),
    inspect: os.images.inspect.handler(({ input }) => images.inspect(input.reference)),
    pull: os.images.pull.handler(({ input: { reference } }) =>
      startAdding([reference], {
        kind: 'pull',
        subject: reference,
        stages: [
          resolve(reference),
          ...layerStages('Pull'),
          aStage({ key: 'root', label: 'Compose' }),
        ],
        failure: failureOf(reference),
      }),
    ),
    push: os.images.push.handler(({ input: { reference, as } }) => {
      const { digest } = images.find(reference);
      const target = as ?? reference;
      return start({
        kind: 'push',
        subject: target,
        stages: [resolve(target), ...layerStages('Push')],
        failure: failureOf(target),
        outcome: () => ({ references: [target], digest }),
      });
    }),
    search: os.images.search.handler(({ input }) => images.search(input.text)),
    tag: os.images.tag.handler(({ input }) => images.tag(input.reference, input.as)),
    remove: os.images.remove.handler(({ input }) => images.remove(input.reference, input.force)),
    prune: os.images.prune.handler(({ input }) => images.prune(input.all, input.isPreview)),
    usage: os.images.usage.handler(() => images.usage()),
    setLimit: os.images.setLimit.handler(({ input }) => {
      images.limitBytes = input.limitBytes;
      return images.usage();
    }),
    check: os.images.check.handler(({ input: { mend } }) =>
      start({
        kind: 'check',
        subject: 'image store',
        stages: [fileStage('blobs', 'Check blobs'), aStage({ key: 'roots', label: 'Check roots' })],
        outcome: () => ({
          looked: '12 blobs, 9 layers, 5 references and 3 sandboxes were looked at.',
          findings: findings(mend),
        }),
      }),
    ),
    import: os.images.import.handler(({ input: { path, as } }) =>
      startAdding([as ?? 'imported/app:1'], {
        kind: 'import',
        subject: path,
        stages: [fileStage('read', 'Read the archive'), aStage({ key: 'root', label: 'Compose' })],
        failure: path.includes('broken')
          ? {
              at: 'read',
              error: anError('image/archive-invalid', {
                message: `"${path}" ends in the middle of an entry.`,
              }),
            }
          : undefined,
      }),
    ),
    programs: os.images.programs.handler(() => [
      { program: 'podman', version: '4.3.1', canBuild: true, hasImages: true },
      { program: 'buildah', version: '1.28.2', canBuild: true, hasImages: false },
      {
        ...{ program: 'docker' as const, version: '20.10.24', canBuild: false, hasImages: false },
        problem: 'Its daemon does not answer at /var/run/docker.sock.',
      },
    ]),
    localImages: os.images.localImages.handler(() => [
      {
        program: 'podman',
        reference: 'localhost/site:dev',
        id: 'a1b2c3d4e5f6',
        sizeBytes: 91_226_112,
      },
      { program: 'podman', reference: 'debian:trixie', id: '0f1e2d3c4b5a', sizeBytes: 124_780_544 },
    ]),
    importFrom: os.images.importFrom.handler(({ input: { program, reference } }) =>
      startAdding([reference], {
        kind: 'import',
        subject: `${program}: ${reference}`,
        stages: [
          fileStage('read', `Take from ${program}`),
          aStage({ key: 'root', label: 'Compose' }),
        ],
      }),
    ),
    export: os.images.export.handler(({ input: { references, path, replace } }) => {
      for (const reference of references) images.find(reference);
      if (path.includes('there') && !replace) {
        throw failure('image/file-exists', `"${path}" is there already.`);
      }
      return start({
        kind: 'export',
        subject: path,
        stages: [fileStage('write', 'Write the archive')],
        outcome: () => ({ references, path }),
      });
    }),
    commit: os.images.commit.handler(({ input: { sandbox, reference } }) => {
      const found = host.sandboxes.get(sandbox);
      if (found?.root?.kind !== 'image') {
        throw failure('image/nothing-to-commit', `"${sandbox}" has no root that is an image.`);
      }
      return startAdding([reference], {
        kind: 'commit',
        subject: sandbox,
        stages: [
          aStage({ key: 'freeze', label: `Read the disk of ${sandbox}` }),
          fileStage('layer', 'Write the layer'),
        ],
      });
    }),
    build: os.images.build.handler(({ input: { tag, context } }) => {
      const fails = context.includes('broken');
      const message = 'podman build ended with exit code 100.';
      return startAdding([tag], {
        kind: 'build',
        subject: tag,
        stages: [
          aStage({ key: 'build', label: 'Build with podman' }),
          aStage({ key: 'root', label: 'Compose' }),
        ],
        lines: buildLines(tag, fails),
        failure: fails
          ? { at: 'build', error: anError('image/program-failed', { message }) }
          : undefined,
      });
    }),
  };
}

function findings(isMended: boolean): Finding[] {
  return [
    {
      kind: 'layer',
      subject: `sha256:${'5d'.repeat(32)}`,
      problem: 'Its data is 4096 bytes shorter than its record says.',
      remedy: isMended
        ? 'It was taken away; the next pull of debian:bookworm fetches it again.'
        : 'Mend takes it away; the next pull of debian:bookworm fetches it again.',
      isMended,
    },
    {
      kind: 'leftover',
      subject: 'blobs/.part-3f2a',
      problem: 'An interrupted fetch of 18 MiB.',
      remedy: isMended ? 'It was removed.' : 'Mend removes it.',
      isMended,
    },
    {
      kind: 'sandbox',
      subject: 'old-py',
      problem: 'Its image python:3.9 is no longer in the store.',
      remedy: 'Pull python:3.9 again, or remove the sandbox.',
      isMended: false,
    },
  ];
}
