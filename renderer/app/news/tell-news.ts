/** Tells of what ended where it is not seen: by a notice in the window, and by the system. */
import { describeOperation } from '../../features/operations/operation-selectors.ts';
import { markLooked, operationStore } from '../../features/operations/operation-store.ts';
import { sandboxStore } from '../../features/sandboxes/sandbox-store.ts';
import { notificationPermission } from '../../features/settings/notification-permission.ts';
import { settingsStore } from '../../features/settings/settings-store.ts';
import { formatDuration } from '../../ui/format.ts';
import { closeToast, showToast } from '../../ui/toast-layer.tsx';
import { translate } from '../../words/language.ts';
import { currentRoute } from '../use-route.ts';
import {
  isForDesktop,
  isForToast,
  isOnPage,
  newsOfOperations,
  newsOfSandboxes,
  type News,
} from './news.ts';
import { showNews } from './show-news.ts';

/** News that a notice points to now. */
const pointedTo = new Map<string, News>();

/** Most that are kept to be taken away when their page is opened. */
const maxPointedTo = 32;

/** Brings the window to the front. */
type ShowWindow = () => void;

/** Tells from now on; called once. */
export function tellNews(showWindow: ShowWindow): void {
  const tell = (news: News) => {
    tellOf(news, showWindow);
  };
  operationStore.subscribe(({ operations }, before) => {
    newsOfOperations(before.operations, operations).forEach(tell);
  });
  sandboxStore.subscribe(({ sandboxes }, before) => {
    newsOfSandboxes(before.sandboxes, sandboxes).forEach(tell);
  });
  // Who has come to where it is needs no notice of it any more.
  window.addEventListener('hashchange', () => {
    for (const [id, news] of pointedTo) {
      if (!isOnPage(news, currentRoute())) continue;
      pointedTo.delete(id);
      closeToast(id);
      markLooked([id]);
    }
  });
}

function tellOf(news: News, showWindow: ShowWindow): void {
  const route = currentRoute();
  const isLookedAt = !document.hidden && document.hasFocus();
  if (isOnPage(news, route)) markLooked([news.id]);
  const words = wordsOf(news);
  const show = () => {
    showNews(news);
  };
  const showInFront = () => {
    showWindow();
    show();
  };
  if (isForToast(news, route)) {
    pointedTo.set(news.id, news);
    const [oldest] = pointedTo.keys();
    if (pointedTo.size > maxPointedTo && oldest !== undefined) pointedTo.delete(oldest);
    const action = { label: translate('app:news.show'), run: show };
    showToast({ id: news.id, ...words, action });
  }
  if (isForDesktop(news, isLookedAt, settingsStore.getState())) {
    notify(news.id, words, showInFront);
  }
}

/** Where several windows say the same, the system shows it once: it has one tag. */
function notify(tag: string, words: ReturnType<typeof wordsOf>, show: () => void): void {
  if (notificationPermission() !== 'granted') return;
  const { title, description: body } = words;
  const notification = new Notification(title, { tag, ...(body === undefined ? {} : { body }) });
  notification.addEventListener('click', () => {
    notification.close();
    show();
  });
}

function wordsOf(news: News) {
  if (news.kind === 'crash') {
    const { name, lastError } = news.sandbox;
    return {
      kind: 'error' as const,
      title: translate('app:news.crashed', { name }),
      description: lastError?.message ?? translate('app:news.crashedWhy'),
    };
  }
  const { operation } = news;
  const { state, error, startedAtMs, endedAtMs = startedAtMs } = operation;
  const task = describeOperation(operation);
  if (state === 'failed') {
    const title = translate('app:news.failed', { task });
    return { kind: 'error' as const, title, description: error?.message };
  }
  return {
    kind: 'success' as const,
    title: translate('app:news.succeeded', { task }),
    description: translate('app:news.took', { time: formatDuration(endedAtMs - startedAtMs) }),
  };
}
