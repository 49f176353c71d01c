import { useSyncExternalStore } from 'react';

/** Whether the browser shows notifications of this page; `absent` where it has none at all. */
export type NotificationPermissionState = NotificationPermission | 'absent';

const listeners = new Set<() => void>();

/** As it is now. */
export function notificationPermission(): NotificationPermissionState {
  return typeof Notification === 'undefined' ? 'absent' : Notification.permission;
}

/** Asks the browser, which asks the user; only upon a click. */
export async function askForNotifications(): Promise<NotificationPermissionState> {
  if (typeof Notification === 'undefined') return 'absent';
  const permission = await Notification.requestPermission();
  for (const listener of listeners) listener();
  return permission;
}

/** {@link notificationPermission}, also after it was changed in the browser's own settings. */
export function useNotificationPermission(): NotificationPermissionState {
  return useSyncExternalStore(subscribe, notificationPermission);
}

function subscribe(onChange: () => void): () => void {
  listeners.add(onChange);
  window.addEventListener('focus', onChange);
  return () => {
    listeners.delete(onChange);
    window.removeEventListener('focus', onChange);
  };
}
