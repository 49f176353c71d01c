/** What the engine offers of images and registries; a part of the engine's interface. */
import type { z } from 'zod';
import type { imageInputs } from '../contract/image-inputs.ts';
import type { FoundProgram, ImageSuggestions, LocalImage } from '../contract/image-transfer.ts';
import type { Removal, StoreUsage } from '../contract/image-upkeep.ts';
import type { Image, ImageDetails } from '../contract/image.ts';
import type { Operation } from '../contract/operation.ts';
import type {
  Credential,
  Registry,
  registryInputs,
  RegistrySettings,
  RegistryTest,
  SecretStorage,
} from '../contract/registry.ts';

type Input<Name extends keyof typeof imageInputs> = z.input<(typeof imageInputs)[Name]>;

/** See `images` of the contract. */
export interface ImageCalls {
  list(): Promise<Image[]>;
  inspect(reference: string): Promise<ImageDetails>;
  /** The credential is used once, before any that is kept. */
  pull(reference: string, credential?: Credential): Promise<Operation>;
  push(request: Input<'push'>): Promise<Operation>;
  search(text: string, signal?: AbortSignal): Promise<ImageSuggestions>;
  tag(reference: string, as: string): Promise<Image>;
  remove(reference: string, options?: { readonly force?: boolean }): Promise<Removal>;
  prune(options?: { readonly all?: boolean; readonly isPreview?: boolean }): Promise<Removal>;
  usage(): Promise<StoreUsage>;
  setLimit(limitBytes: number | undefined): Promise<StoreUsage>;
  check(options?: { readonly mend?: boolean }): Promise<Operation>;
  import(request: Input<'import'>): Promise<Operation>;
  programs(): Promise<FoundProgram[]>;
  localImages(): Promise<LocalImage[]>;
  importFrom(request: Input<'importFrom'>): Promise<Operation>;
  export(request: Input<'export'>): Promise<Operation>;
  commit(request: Input<'commit'>): Promise<Operation>;
  build(request: Input<'build'>): Promise<Operation>;
}

/** See `registries` of the contract. */
export interface RegistryCalls {
  list(): Promise<Registry[]>;
  storage(): Promise<SecretStorage>;
  login(request: z.input<typeof registryInputs.login>): Promise<Registry>;
  logout(registry: string): Promise<Registry>;
  configure(registry: string, settings: RegistrySettings): Promise<Registry>;
  remove(registry: string): Promise<void>;
  test(request: z.input<typeof registryInputs.test>, signal?: AbortSignal): Promise<RegistryTest>;
}
