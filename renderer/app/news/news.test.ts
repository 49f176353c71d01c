import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../main/contract/operation.ts';
import { anError, anOperation, aSandbox } from '../../testing/builders.ts';
import type { Route } from '../routes.ts';
import {
  isForDesktop,
  isForToast,
  newsOfOperations,
  newsOfSandboxes,
  routeOfNews,
  type News,
} from './news.ts';

const ended = (overrides: Partial<Operation>): News => {
  const operation = anOperation({
    ...{ kind: 'pull', subject: 'alpine', state: 'failed' },
    ...{ startedAtMs: 1_000, endedAtMs: 2_000 },
    ...overrides,
  });
  return { kind: 'operation', id: operation.id, operation };
};
const crash: News = {
  ...{ kind: 'crash', id: 'crash 1' },
  sandbox: aSandbox({ name: 'web', state: 'crashed', lastError: anError('vm/crashed') }),
};
const long = { state: 'succeeded', endedAtMs: 7_000 } as const;
const home: Route = { page: 'home' };

describe('what is news', () => {
  it('is an operation that ran and has ended, also over a gap of the connection', () => {
    const running = anOperation({ id: 'a' });
    const done = anOperation({ id: 'a', state: 'succeeded' });
    const old = anOperation({ id: 'b', state: 'failed' });
    expect(newsOfOperations([running], [done, old]).map(({ id }) => id)).toEqual(['a']);
    expect(newsOfOperations([], [done, old])).toEqual([]);
    expect(newsOfOperations([done], [done])).toEqual([]);
  });

  it('is a sandbox that ran and has crashed, not one that did not start', () => {
    const of = (state: 'running' | 'paused' | 'starting' | 'crashed') => [
      aSandbox({ name: 'web', state }),
    ];
    expect(newsOfSandboxes(of('running'), of('crashed'))).toHaveLength(1);
    expect(newsOfSandboxes(of('paused'), of('crashed'))).toHaveLength(1);
    expect(newsOfSandboxes(of('starting'), of('crashed'))).toEqual([]);
    expect(newsOfSandboxes([], of('crashed'))).toEqual([]);
  });
});

describe('a toast', () => {
  it.each([
    ['a failure', ended({}), home, true],
    ['a failure that is seen', ended({}), { page: 'tasks' }, false],
    ['a failure that the page of images shows', ended({}), { page: 'images' }, false],
    [
      'a failed upload, of which images know nothing',
      ended({ kind: 'upload' }),
      { page: 'images' },
      true,
    ],
    ['long work', ended(long), home, true],
    ['short work', ended({ state: 'succeeded' }), home, false],
    ['what was cancelled', ended({ state: 'cancelled', endedAtMs: 9_000 }), home, false],
    [
      'a start that is seen',
      ended({ kind: 'start', subject: 'web' }),
      { page: 'sandbox', name: 'web', section: 'logs' },
      false,
    ],
    [
      'a start, from the page of another sandbox',
      ended({ kind: 'start', subject: 'web' }),
      { page: 'sandbox', name: 'other' },
      true,
    ],
    ['a crash', crash, { page: 'tasks' }, true],
    ['a crash that is seen', crash, { page: 'sandbox', name: 'web' }, false],
  ] as const)('points to %s or not', (_, news, route, expected) => {
    expect(isForToast(news, route)).toBe(expected);
  });

  it('leads to the sandbox, or to the tasks', () => {
    expect(routeOfNews(ended({ kind: 'create', subject: 'web' }))).toEqual({
      page: 'sandbox',
      name: 'web',
    });
    expect(routeOfNews(ended({}))).toEqual({ page: 'tasks' });
    expect(routeOfNews(crash)).toEqual({ page: 'sandbox', name: 'web' });
  });
});

describe('the system', () => {
  const all = { notifiesOfOperations: true, notifiesOfCrashes: true };

  it('says only what nobody looked at', () => {
    expect(isForDesktop(ended({}), false, all)).toBe(true);
    expect(isForDesktop(ended({}), true, all)).toBe(false);
    expect(isForDesktop(ended({ state: 'succeeded' }), false, all)).toBe(false);
  });

  it('says of each kind what the settings want', () => {
    const without = (kind: keyof typeof all) => ({ ...all, [kind]: false });
    expect(isForDesktop(ended({}), false, without('notifiesOfOperations'))).toBe(false);
    expect(isForDesktop(ended({}), false, without('notifiesOfCrashes'))).toBe(true);
    expect(isForDesktop(crash, false, without('notifiesOfCrashes'))).toBe(false);
    expect(isForDesktop(crash, false, without('notifiesOfOperations'))).toBe(true);
  });
});
