/** Choosing the manifest of an index that this machine can run (image-index.md, "platform"). */
import { AppError } from '../base/app-error.ts';
import type { DocumentOrigin } from './document.ts';
import type { IndexEntry } from './manifest.ts';
import { quote } from './quote.ts';

/** The platform of the guests on this host, in the words of the OCI specification. */
export interface GuestPlatform {
  readonly os: 'linux';
  readonly architecture: 'amd64' | 'arm64';
}

/** Variants that run on every machine of the architecture, the best first. */
const variants: Readonly<Record<GuestPlatform['architecture'], readonly string[]>> = {
  amd64: ['', 'v1'],
  arm64: ['v8', ''],
};

const maxListed = 20;

/** Whether an image for this platform runs on the guest's. */
export function runsOn(
  platform: GuestPlatform,
  image: { readonly os: string; readonly architecture: string; readonly variant?: string },
): boolean {
  return (
    image.os === platform.os &&
    image.architecture === platform.architecture &&
    variants[platform.architecture].includes(image.variant ?? '')
  );
}

/**
 * The entry for the platform. A lone entry without a platform is taken as it is: the configuration
 * tells whether it fits. Throws `image/platform-unavailable` with what there is instead.
 */
export function choosePlatform(
  entries: readonly IndexEntry[],
  platform: GuestPlatform,
  origin: DocumentOrigin,
): IndexEntry {
  for (const variant of variants[platform.architecture]) {
    const found = entries.find(
      (entry) => entry.platform?.variant === variant && runsOn(platform, entry.platform),
    );
    if (found) return found;
  }
  const [only] = entries;
  if (only && entries.length === 1 && !only.platform) return only;
  throw platformUnavailable(
    entries.flatMap((entry) => (entry.platform ? [entry.platform] : [])),
    platform,
    origin,
  );
}

/** The error of an image that is there for other platforms only. */
export function platformUnavailable(
  available: readonly {
    readonly os: string;
    readonly architecture: string;
    readonly variant?: string;
  }[],
  platform: GuestPlatform,
  origin: DocumentOrigin,
): AppError {
  const names = available
    // Build tools list their attestations so.
    .filter(({ os }) => os !== 'unknown')
    .map(({ os, architecture, variant }) => [os, architecture, variant].filter(Boolean).join('/'));
  const listed = [...new Set(names)].slice(0, maxListed);
  const there =
    listed.length === 0 ? 'none that it names' : quote(listed.join(', '), 600).slice(1, -1);
  return new AppError(
    'image/platform-unavailable',
    `The image ${quote(origin.name)} is not there for ${platform.os}/${platform.architecture}; it is there for: ${there}.`,
    { details: { available: listed } },
  );
}
