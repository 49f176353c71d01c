import { describe, expect, it } from 'vitest';
import { dockerHub, dockerServerUrl, findByRegistry, parseRegistryKey } from './registry-key.ts';

describe('parseRegistryKey', () => {
  it.each([
    ['registry.example', 'registry.example', ''],
    ['Registry.Example:5000', 'registry.example:5000', ''],
    ['https://registry.example', 'registry.example', ''],
    ['http://registry.example:5000/', 'registry.example:5000', ''],
    ['https://registry.example/v1/', 'registry.example', ''],
    ['registry.example/v2/', 'registry.example', ''],
    ['registry.example/team/app', 'registry.example', 'team/app'],
    ['registry.example/team/', 'registry.example', 'team'],
    [dockerServerUrl(dockerHub), dockerHub, ''],
    [`index.${dockerHub}`, dockerHub, ''],
    [`${dockerHub}/library`, dockerHub, 'library'],
  ])('%s', (key, registry, path) => {
    expect(parseRegistryKey(key)).toEqual({ registry, path });
  });
});

describe('findByRegistry', () => {
  const values = {
    'https://registry.example/v1/': 'url',
    'registry.example': 'plain',
    'registry.example/team': 'team',
    'registry.example/team/app': 'app',
    'registry.example:5000': 'other',
  };

  it.each([
    ['team/app', 'app'],
    ['team/app/part', 'app'],
    ['team/apple', 'team'],
    ['teams/app', 'plain'],
    [undefined, 'plain'],
  ])('takes the most specific one for %s', (repository, value) => {
    expect(findByRegistry(values, 'registry.example', repository)?.value).toBe(value);
  });

  it('takes a URL where the plain name is not there, and nothing of another registry', () => {
    expect(findByRegistry({ 'https://a.example/v2/': 1 }, 'a.example')?.value).toBe(1);
    expect(findByRegistry({ 'a.example': 1 }, 'a.example:5000')).toBeUndefined();
    expect(findByRegistry({ 'a.example/team': 1 }, 'a.example')).toBeUndefined();
  });
});
