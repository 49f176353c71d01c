import { describe, expect, it } from 'vitest';
import { anError } from '../testing/builders.ts';
import { registryOf, sandboxesOf } from './error-words.ts';

describe('sandboxesOf', () => {
  it('reads names, and nothing else', () => {
    const error = anError('image/in-use', { details: { sandboxes: ['a', 1, null, 'b'] } });
    expect(sandboxesOf(error)).toEqual(['a', 'b']);
    expect(sandboxesOf(anError('image/in-use', { details: { sandboxes: 'a' } }))).toEqual([]);
    expect(sandboxesOf(anError('image/in-use'))).toEqual([]);
  });
});

describe('registryOf', () => {
  const error = anError('registry/unauthorized');

  it('takes what the error says before what was asked for', () => {
    const named = { ...error, details: { registry: 'mirror.example' } };
    expect(registryOf(named, 'registry.example/a')).toBe('mirror.example');
    expect(registryOf(error, 'registry.example:5000/a:1')).toBe('registry.example:5000');
    expect(registryOf(error, 'alpine')).toBe('docker.io');
    expect(registryOf(error, 'Not A Reference')).toBeUndefined();
  });
});
