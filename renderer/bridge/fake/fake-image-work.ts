/** What the in-memory host says of long work on images: its stages, its lines, and how it fails. */
import type { ErrorData } from '../../../main/contract/error.ts';
import type { Stage } from '../../../main/contract/operation.ts';
import { aStage, anError } from '../../testing/builders.ts';

const mebibyte = 1_048_576;

/** Two layers that come or go. */
export function layerStages(verb: 'Pull' | 'Push'): Stage[] {
  return [95, 41].map((size, index) =>
    aStage({
      key: `layer:sha256:${String(index + 1).repeat(64)}`,
      label: `${verb} layer ${String(index + 1)}/2`,
      bytesDone: 0,
      bytesTotal: size * mebibyte,
    }),
  );
}

/** A file that is read or written. */
export function fileStage(key: string, label: string): Stage {
  return aStage({ key, label, bytesDone: 0, bytesTotal: 212 * mebibyte });
}

/** By a word in the reference: `missing`, `private`, `refused`, `huge`; else it works. */
export function failureOf(
  reference: string,
): { readonly at: string; readonly error: ErrorData } | undefined {
  const [registry = ''] = reference.split('/');
  if (reference.includes('missing')) {
    const message = `The registry has no image "${reference}".`;
    return { at: 'resolve', error: anError('image/not-found', { message }) };
  }
  if (reference.includes('private')) {
    const message = `${registry} wants to know who asks for "${reference}".`;
    return {
      at: 'resolve',
      error: anError('registry/unauthorized', { message, details: { registry } }),
    };
  }
  if (reference.includes('refused')) {
    const message = `${registry} answered 401 for the user "ci".`;
    return {
      at: 'resolve',
      error: anError('registry/wrong-password', { message, details: { registry } }),
    };
  }
  if (reference.includes('huge')) {
    const message = 'The disk has 84 MiB left, and the layer needs 312 MiB.';
    const at = `layer:sha256:${'2'.repeat(64)}`;
    return { at, error: anError('store/no-space', { message }) };
  }
  return undefined;
}

/** What a build prints. */
export function buildLines(tag: string, fails: boolean): string[] {
  return [
    'STEP 1/4: FROM debian:bookworm',
    'STEP 2/4: RUN apt-get update && apt-get install --yes nginx-light',
    ...Array.from(
      { length: 40 },
      (_, index) => `Get:${String(index + 1)} part-${String(index + 1)} [${String(12 + index)} kB]`,
    ),
    ...(fails
      ? [
          'E: Unable to locate package nginx-light',
          'Error: building at STEP "RUN": exit status 100',
        ]
      : ['STEP 3/4: COPY site /var/www/html', 'STEP 4/4: CMD ["nginx"]', `COMMIT ${tag}`]),
  ];
}
