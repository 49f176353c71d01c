/** A configuration looked at by a process that owns no state directory: it only reads there. */
import path from 'node:path';
import type { ConfigReport } from '../contract/config/config-report.ts';
import { formatImageReference, parseImageReference } from '../contract/image-reference.ts';
import { silentLogger } from './base/logger.ts';
import { buildConfig, toConfigReport } from './config/build-config.ts';
import { loadGuestAssets } from './host/guest-assets-folder.ts';
import type { SkerryPaths } from './host/paths.ts';
import { findShareSupport } from './host/share-support.ts';
import { ReferenceIndex } from './oci/reference-index.ts';
import { SandboxRecords } from './sandbox/sandbox-records.ts';

/** See index.ts. */
export async function buildConfigAlone(input: unknown, paths: SkerryPaths): Promise<ConfigReport> {
  const { stateDir, cacheDir } = paths;
  const built = await buildConfig(input, {
    isImageStored: async (reference) => {
      const parsed = parseImageReference(reference);
      if (!parsed.ok) return false;
      const index = await ReferenceIndex.open(path.join(stateDir, 'images', 'references.json'));
      return index.get(formatImageReference(parsed.reference)) !== undefined;
    },
    isNameTaken: async (name) => {
      const records = new SandboxRecords(path.join(stateDir, 'sandboxes'), silentLogger);
      return (await records.names()).has(name);
    },
    findShareSupport: () =>
      findShareSupport({ cacheDir, loadAssets: () => loadGuestAssets(cacheDir) }),
  });
  return toConfigReport(built);
}
