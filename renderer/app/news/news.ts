/** What has happened, where it is seen, and who is told of it. Pure. */
import type { Operation } from '../../../main/contract/operation.ts';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { isOfImages, isOfSandbox } from '../../features/operations/operation-selectors.ts';
import type { Settings } from '../../features/settings/settings-store.ts';
import type { Route } from '../routes.ts';

/** Something that ended. */
export type News =
  | { readonly kind: 'operation'; readonly id: string; readonly operation: Operation }
  | { readonly kind: 'crash'; readonly id: string; readonly sandbox: Sandbox };

/** Work that takes longer than this is waited for elsewhere, in milliseconds. */
const longWorkMs = 5_000;

/** Operations that ran before and have ended. */
export function newsOfOperations(
  before: readonly Operation[],
  after: readonly Operation[],
): News[] {
  if (before === after) return [];
  const running = new Set(before.filter(({ state }) => state === 'running').map(({ id }) => id));
  return after
    .filter(({ id, state }) => state !== 'running' && running.has(id))
    .map((operation) => ({ kind: 'operation', id: operation.id, operation }));
}

/** Sandboxes that ran before and have crashed. One that fails to start is its operation's news. */
export function newsOfSandboxes(before: readonly Sandbox[], after: readonly Sandbox[]): News[] {
  if (before === after) return [];
  const alive: readonly Sandbox['state'][] = ['running', 'paused', 'suspending'];
  const running = new Set(before.filter(({ state }) => alive.includes(state)).map(({ id }) => id));
  return after
    .filter(({ id, state }) => state === 'crashed' && running.has(id))
    .map((sandbox) => ({ kind: 'crash', id: `crash ${sandbox.id}`, sandbox }));
}

/** The page that has all of it. */
export function routeOfNews(news: News): Route {
  if (news.kind === 'crash') return { page: 'sandbox', name: news.sandbox.name };
  const { operation } = news;
  return isOfSandbox(operation) ? { page: 'sandbox', name: operation.subject } : { page: 'tasks' };
}

/** Whether a page shows it by itself. */
export function isOnPage(news: News, route: Route): boolean {
  const target = routeOfNews(news);
  if (target.page === 'sandbox') {
    return (
      (route.page === 'sandbox' && route.name === target.name) ||
      (route.page === 'tasks' && news.kind === 'operation')
    );
  }
  if (route.page === 'tasks') return true;
  const isImagePage = route.page === 'images' || route.page === 'disk';
  return isImagePage && news.kind === 'operation' && isOfImages(news.operation);
}

/** Whether it is worth a word at all: who cancels knows, and what is done at once is seen. */
function isWorthSaying(news: News): boolean {
  if (news.kind === 'crash') return true;
  const { state, startedAtMs, endedAtMs = startedAtMs } = news.operation;
  if (state === 'failed') return true;
  return state === 'succeeded' && endedAtMs - startedAtMs > longWorkMs;
}

/** Whether a notice in the window points to it. */
export function isForToast(news: News, route: Route): boolean {
  return isWorthSaying(news) && !isOnPage(news, route);
}

/** Whether the system says it. */
export function isForDesktop(
  news: News,
  isLookedAt: boolean,
  settings: Pick<Settings, 'notifiesOfOperations' | 'notifiesOfCrashes'>,
): boolean {
  if (isLookedAt || !isWorthSaying(news)) return false;
  return news.kind === 'crash' ? settings.notifiesOfCrashes : settings.notifiesOfOperations;
}
