import { describe, expect, it } from 'vitest';
import { askedScopes, wantedScopes } from './scopes.ts';

describe('wantedScopes', () => {
  it('is to pull, to push, or nothing but to be known', () => {
    expect(wantedScopes({ repository: 'team/app' })).toEqual(['repository:team/app:pull']);
    expect(wantedScopes({ repository: 'team/app', actions: 'pull,push' })).toEqual([
      'repository:team/app:pull,push',
    ]);
    expect(wantedScopes({})).toEqual([]);
  });

  it('has more for a mount from elsewhere', () => {
    const moreScopes = ['repository:base:pull'];
    expect(wantedScopes({ repository: 'app', actions: 'pull,push', moreScopes })).toEqual([
      'repository:app:pull,push',
      'repository:base:pull',
    ]);
  });
});

describe('askedScopes', () => {
  const push = { repository: 'app', actions: 'pull,push' } as const;

  it('calls a repository as its registry does, to pull', () => {
    expect(askedScopes({ repository: 'app' }, 'repository:proxy/app:pull')).toEqual([
      'repository:proxy/app:pull',
    ]);
    expect(askedScopes({ repository: 'app' }, undefined)).toEqual(['repository:app:pull']);
    expect(askedScopes({ repository: 'app' }, '  ')).toEqual(['repository:app:pull']);
  });

  it('asks for all of a push though the first request needed less', () => {
    expect(askedScopes(push, 'repository:app:pull')).toEqual(['repository:app:pull,push']);
    expect(askedScopes(push, undefined)).toEqual(['repository:app:pull,push']);
  });

  it('takes several scopes and joins what is done in one repository', () => {
    const challenged = 'repository:app:push repository:base:pull registry:catalog:*';
    const moreScopes = ['repository:base:pull', 'repository:other:pull'];
    expect(askedScopes({ ...push, moreScopes }, challenged)).toEqual([
      'repository:app:push,pull',
      'repository:base:pull',
      'registry:catalog:*',
      'repository:other:pull',
    ]);
  });

  it('asks for no more than so many, whatever a registry says', () => {
    const endless = Array.from({ length: 1000 }, (_, n) => `repository:r${String(n)}:pull`);
    expect(askedScopes({}, endless.join(' '))).toHaveLength(16);
  });
});
