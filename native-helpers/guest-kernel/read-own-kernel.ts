/** Takes the own kernel out of the cache as the guest assets are made of it. */
import { readFile } from 'node:fs/promises';
import { featuresOf, parseKernelConfig } from './kernel-config.ts';
import type { GuestKernel } from './kernel.ts';
import type { OwnKernel } from './own-kernel.ts';

/** It has no modules: whatever its features need is in the image. */
export async function readOwnKernel(kernel: OwnKernel): Promise<GuestKernel> {
  const config = parseKernelConfig(await readFile(kernel.configPath, 'utf8'));
  return {
    origin: 'own',
    release: kernel.release,
    image: await readFile(kernel.imagePath),
    imageFileName: 'vmlinux',
    modules: [],
    onDemand: new Map(),
    forDisks: new Map(),
    features: featuresOf(config),
  };
}
