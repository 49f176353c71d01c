import type { Operation } from '../../main/contract/operation.ts';
import { currentRoute, navigate } from './use-route.ts';

/** Shows work on images that has begun: where the page shows it itself, that stays; else the tasks. */
export function followImageWork(_operation: Operation): void {
  const { page } = currentRoute();
  if (page !== 'images' && page !== 'disk' && page !== 'tasks') navigate({ page: 'tasks' });
  // It is at the head of each of these pages; what was pressed may have been far below.
  else document.querySelector('main')?.scrollTo({ top: 0 });
}
