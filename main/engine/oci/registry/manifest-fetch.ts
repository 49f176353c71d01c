/** A manifest from one registry: the OCI distribution specification, "Pulling manifests". */
import { formatImageReference, type ImageReference } from '../../../contract/image-reference.ts';
import type { Credential } from '../../../contract/registry.ts';
import { AppError } from '../../base/app-error.ts';
import { digestOf } from '../digest.ts';
import { limits } from '../document.ts';
import { acceptedManifests } from '../media-types.ts';
import { quote } from '../quote.ts';
import type { RegistryRequests } from './registry-requests.ts';
import type { RootDocument } from '../resolve-image.ts';
import { withRetries, type Backoff } from './retry.ts';
import { statusError } from './status-error.ts';

/** What {@link fetchManifest} asks for. */
export interface ManifestRequest {
  /** Who is asked: the registry of the reference, or a mirror of it. */
  readonly registry: string;
  readonly reference: ImageReference;
  readonly tagOrDigest: string;
  readonly credential?: Credential | undefined;
  readonly backoffMs: Backoff;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fetches a manifest and checks its digest, where it is asked for by one or the registry tells it.
 * Throws `image/not-found`, `registry/…` or `operation/cancelled`.
 */
export async function fetchManifest(
  requests: RegistryRequests,
  { registry, reference, tagOrDigest, credential, backoffMs, signal }: ManifestRequest,
): Promise<RootDocument> {
  const name = quote(formatImageReference(reference));
  const byDigest = tagOrDigest.includes(':');
  const { bytes, mediaType, promised } = await withRetries(
    async () => {
      const answer = await requests.send({
        registry,
        repository: reference.repository,
        path: `manifests/${tagOrDigest}`,
        headers: { accept: acceptedManifests },
        credential,
        signal,
      });
      if (answer.status !== 200)
        throw await statusError(answer, `image ${name}`, 'image/not-found');
      return {
        bytes: await answer.read(limits.manifestBytes),
        mediaType: answer.header('content-type')?.split(';')[0]?.trim().toLowerCase(),
        promised: byDigest ? tagOrDigest : answer.header('docker-content-digest'),
      };
    },
    { backoffMs, signal },
  );
  const digest = digestOf(bytes);
  if (promised?.startsWith('sha256:') === true && promised !== digest) {
    throw new AppError(
      'registry/digest-mismatch',
      `The manifest that came for ${name} has digest ${digest}, not ${quote(promised)}.`,
    );
  }
  return { digest, bytes, mediaType };
}
