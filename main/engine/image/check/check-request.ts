/** What a check of the store is given, and what it gives. */
import type { Finding } from '../../../contract/image-upkeep.ts';
import type { ContentStore } from '../../oci/content-store.ts';
import type { GuestPlatform } from '../../oci/platform.ts';
import type { ReferenceIndex } from '../../oci/reference-index.ts';
import type { LayerStore } from '../layer-store.ts';
import type { RootStore } from '../root-store.ts';

/** The stores that are checked. */
export interface CheckedStores {
  /** Their directory. */
  readonly dir: string;
  readonly content: ContentStore;
  readonly layers: LayerStore;
  readonly roots: RootStore;
  readonly references: ReferenceIndex;
  /** Of the guests. */
  readonly platform: GuestPlatform;
}

/** A sandbox whose root is an image. */
export interface SandboxRoot {
  readonly name: string;
  /** Of the manifest. */
  readonly digest: string;
  /** The name under which it was created, in any spelling. */
  readonly reference: string;
}

/** The steps of a check, in their order. */
export const checkStages = ['blobs', 'layers', 'roots', 'names', 'leftovers'] as const;

/** See {@link checkStages}. */
export type CheckStage = (typeof checkStages)[number];

/** What a check is at. */
export type CheckProgress =
  | { readonly type: 'begin' | 'finish'; readonly stage: CheckStage }
  | {
      readonly type: 'bytes';
      readonly stage: CheckStage;
      readonly bytesDone: number;
      readonly bytesTotal: number;
    };

/** Options of a check. */
export interface CheckOptions {
  /** Whether what is wrong is made right where that loses nothing. */
  readonly mend: boolean;
  readonly signal: AbortSignal;
  /** Called when it is needed: sandboxes come and go meanwhile. */
  readonly sandboxes: () => readonly SandboxRoot[];
  /** Whether images are being brought in at this moment. */
  readonly isBusy: () => boolean;
  readonly onProgress?: ((progress: CheckProgress) => void) | undefined;
}

/** What a check found. */
export interface CheckResult {
  /** What was looked at, in a sentence or two. */
  readonly looked: string;
  readonly findings: readonly Finding[];
}

/** What the steps share. */
export interface Check extends CheckOptions {
  readonly stores: CheckedStores;
  readonly findings: Finding[];
}
