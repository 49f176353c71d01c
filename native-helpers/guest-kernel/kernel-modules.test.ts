import { describe, expect, it } from 'vitest';
import {
  moduleName,
  planModules,
  stripModuleSignature,
  type ModuleInfo,
} from './kernel-modules.ts';

const tree: Readonly<Record<string, readonly string[]>> = {
  virtio_blk: ['virtio', 'virtio_ring'],
  virtio_ring: ['virtio'],
  virtio: [],
  overlay: [],
  loop_a: ['loop_b'],
  loop_b: ['loop_a'],
  broken: ['gone'],
};
const read = (name: string): ModuleInfo | undefined => {
  const depends = tree[name];
  return depends === undefined ? undefined : { name, depends };
};
const wanted = (name: string, required = true): { name: string; required: boolean } => {
  return { name, required };
};

describe('planModules', () => {
  it('loads what a module depends on before it, and once', () => {
    const { load } = planModules([wanted('virtio_blk'), wanted('virtio')], new Set(), read);
    expect(load).toEqual(['virtio', 'virtio_ring', 'virtio_blk']);
  });

  it('does not load what is built in, and knows that it is there', () => {
    const builtIn = new Set(['virtio', 'ext4']);
    const { load, present } = planModules([wanted('ext4'), wanted('virtio_blk')], builtIn, read);
    expect(load).toEqual(['virtio_ring', 'virtio_blk']);
    expect(present).toEqual(new Set(['ext4', 'virtio', 'virtio_ring', 'virtio_blk']));
  });

  it('goes without what is not required', () => {
    const plan = planModules([wanted('9p', false), wanted('broken', false)], new Set(), read);
    expect(plan).toEqual({ load: [], present: new Set() });
  });

  it('refuses a kernel without a required module', () => {
    expect(() => planModules([wanted('erofs')], new Set(), read)).toThrow('no module erofs');
    expect(() => planModules([wanted('broken')], new Set(), read)).toThrow('no module broken');
  });

  it('ends where modules depend on each other', () => {
    expect(() => planModules([wanted('loop_a')], new Set(), read)).toThrow('depends on itself');
  });
});

describe('moduleName', () => {
  it.each(['virtio-rng.ko', 'virtio_rng.ko.xz', 'virtio-rng'])('reads %s', (file) => {
    expect(moduleName(file)).toBe('virtio_rng');
  });
});

describe('stripModuleSignature', () => {
  const signed = (content: string, signature: string, length = signature.length): Buffer => {
    const info = Buffer.alloc(12);
    info.writeUInt32BE(length, 8);
    const end = Buffer.from('~Module signature appended~\n');
    return Buffer.concat([Buffer.from(content), Buffer.from(signature), info, end]);
  };

  it('takes a signature off, and nothing else', () => {
    expect(Buffer.from(stripModuleSignature(signed('module', 'sig'))).toString()).toBe('module');
    expect(stripModuleSignature(Buffer.from('module'))).toEqual(Buffer.from('module'));
  });

  it('refuses a signature that is longer than the file', () => {
    expect(() => stripModuleSignature(signed('module', 'sig', 4096))).toThrow('longer');
  });
});
