/** `npm run kernel`: builds the own kernel into the cache, or finds it built. */
import { parseArgs } from 'node:util';
import { resolvePaths } from '../../main/engine/host/paths.ts';
import { PackageListsError } from './debian-packages.ts';
import { buildOwnKernel, kernelsDirOf } from './own-kernel.ts';
