/** Imports of archives into a store of a test's own, and what a refused one must leave: nothing. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect } from 'vitest';
import { isAppError, type AppError } from '../base/app-error.ts';
import { silentLogger } from '../base/logger.ts';
import { ImageLibrary } from '../image/image-library.ts';
import { dockerEntries, type DockerArchiveImage } from './image-archives.ts';
import { makeTar, type TarEntry } from './tar.ts';
import { useTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';
import { writeOciLayout, type LayoutOptions, type WrittenImage } from './write-oci-layout.ts';

/** A tar of one file with this text. */
export const layerOf = (text: string): Buffer => makeTar([{ name: 'file', content: text }]);

/** The lowest layer of every image here. */
export const baseLayer = layerOf('base');

/** Entries of a Docker archive for the platform of {@link ImportTrial}. */
export function dockerArchive(...images: readonly DockerArchiveImage[]): TarEntry[] {
  return dockerEntries(images.map((image) => ({ architecture: 'amd64', ...image })));
}

/** A store whose guests are linux/amd64. */
export class ImportTrial {
  readonly directory: TemporaryDirectory;
  library!: ImageLibrary;

  constructor(directory: TemporaryDirectory) {
    this.directory = directory;
  }

  async open(): Promise<void> {
    const platform = { os: 'linux', architecture: 'amd64' } as const;
    this.library = await ImageLibrary.open({
      dir: this.path('store'),
      logger: silentLogger,
      platform,
    });
  }

  path(name: string): string {
    return join(this.directory.path, name);
  }

  /** An OCI layout with an image of two layers, beside those that it has. */
  layout(options: LayoutOptions = {}, tars = [baseLayer, layerOf('top')]): Promise<WrittenImage> {
    const usual = { refName: 'registry.example/app:1', architecture: 'amd64' } as const;
    return writeOciLayout(this.path('layout'), tars, { ...usual, ...options });
  }

  async write(bytes: Uint8Array, name = 'archive'): Promise<string> {
    await writeFile(this.path(name), bytes);
    return this.path(name);
  }

  /** Full references of what comes. */
  async references(file: string, as?: string): Promise<string[]> {
    return (await this.library.transfer.import(file, { as })).map(({ reference }) => reference);
  }

  /** The error of an import that has to fail. */
  async refusal(bytes: Uint8Array | string, as?: string): Promise<AppError> {
    const file = typeof bytes === 'string' ? bytes : await this.write(bytes);
    const error: unknown = await this.library.transfer.import(file, { as }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    await this.expectNothing();
    if (isAppError(error)) return error;
    throw error instanceof Error ? error : new Error('It was imported.');
  }

  /** As {@link refusal}, of what is `image/archive-invalid`; its message. */
  async invalid(bytes: Uint8Array | string): Promise<string> {
    const { code, message } = await this.refusal(bytes);
    expect({ code, message }).toEqual({ code: 'image/archive-invalid', message });
    return message;
  }

  /** No image, nothing unfinished. */
  async expectNothing(): Promise<void> {
    expect(await this.library.list()).toEqual([]);
    for (const name of ['unfinished', 'partial']) {
      expect(await readdir(join(this.path('store'), name))).toEqual([]);
    }
  }
}

/** Gives each test a store of its own. */
export function useImportTrial(): ImportTrial {
  const trial = new ImportTrial(useTemporaryDirectory());
  beforeEach(() => trial.open());
  return trial;
}
