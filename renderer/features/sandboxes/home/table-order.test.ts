import { describe, expect, it } from 'vitest';
import { aSandbox } from '../../../testing/builders.ts';
import { aSample } from '../../../testing/live-builders.ts';
import { filterSandboxes, sortSandboxes, type SortKey } from './table-order.ts';

const sandboxes = [
  aSandbox({ name: 'box-10', state: 'stopped', createdAtMs: 1, config: { image: 'node' } }),
  aSandbox({ name: 'box-2', createdAtMs: 3, config: { image: 'alpine', labels: { team: 'web' } } }),
  aSandbox({ name: 'api', state: 'crashed', createdAtMs: 2, config: { image: 'alpine' } }),
];
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
const usage = new Map([['box-2', [aSample({ cpuPercent: 50, guestMemoryBytes: 9 })]]]);
const sorted = (key: SortKey, isDescending = false) =>
  names(sortSandboxes(sandboxes, { key, isDescending }, usage));

describe('filterSandboxes', () => {
  it('wants every word, anywhere', () => {
    expect(names(filterSandboxes(sandboxes, ''))).toHaveLength(3);
    expect(names(filterSandboxes(sandboxes, 'ALPINE running'))).toEqual(['box-2']);
    expect(names(filterSandboxes(sandboxes, 'team=web'))).toEqual(['box-2']);
    expect(names(filterSandboxes(sandboxes, 'nothing'))).toEqual([]);
  });
});

describe('sortSandboxes', () => {
  it('orders names as people count', () => {
    expect(sorted('name')).toEqual(['api', 'box-2', 'box-10']);
    expect(sorted('name', true)).toEqual(['box-10', 'box-2', 'api']);
  });

  it('orders by state, image, age and use, and by name where these are equal', () => {
    expect(sorted('state')).toEqual(['api', 'box-2', 'box-10']);
    expect(sorted('image')).toEqual(['api', 'box-2', 'box-10']);
    expect(sorted('created')).toEqual(['box-10', 'api', 'box-2']);
    expect(sorted('cpu', true)).toEqual(['box-2', 'api', 'box-10']);
    expect(sorted('memory', true)[0]).toBe('box-2');
  });
});
