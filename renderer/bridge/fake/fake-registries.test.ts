import { describe, expect, it } from 'vitest';
import { FakeRegistries } from './fake-registries.ts';

const credential = { username: 'ci', password: 'secret' };

describe('FakeRegistries', () => {
  it.each([
    ['away.example', 'reach'],
    ['untrusted.example', 'tls'],
    ['refused.example', 'login'],
  ])('fails the test of %s at %s', (name, step) => {
    const { steps } = new FakeRegistries([], 'file').test(name, credential);
    expect(steps.at(-1)).toMatchObject({ step, result: 'fail' });
  });

  it('keeps a login only where it is right, and in a file only where that is allowed', () => {
    const registries = new FakeRegistries([], 'file');
    const login = (name: string, allowFile: boolean) =>
      registries.login(name, credential, allowFile, false);
    expect(() => login('registry.example', false)).toThrow();
    expect(() => login('refused.example', true)).toThrow();
    expect(registries.list().map(({ name }) => name)).toEqual(['docker.io']);
    expect(login('registry.example', true).credential).toMatchObject({ keeper: 'file' });
    expect(JSON.stringify(registries.list())).not.toContain('secret');
  });
});
