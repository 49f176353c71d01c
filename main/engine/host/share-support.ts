import { isAppError } from '../base/app-error.ts';
import type { GuestAssets } from './guest-assets.ts';
import { probeShares, type ShareSupport } from './share-probe.ts';

/** How directories of this host reach the guest of its present assets. Never throws for what it finds. */
export async function findShareSupport(options: {
  readonly cacheDir: string;
  readonly loadAssets: () => Promise<GuestAssets>;
}): Promise<ShareSupport> {
  let assets: GuestAssets;
  try {
    assets = await options.loadAssets();
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { transport: undefined, files: false, evidence: error.message };
  }
  const { manifest, shareMountPath } = assets;
  return probeShares({
    cacheDir: options.cacheDir,
    features: manifest.kernel.features,
    shareMountPath,
  });
}
