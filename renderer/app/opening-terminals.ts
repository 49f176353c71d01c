/** A terminal for each creation that this window began, as soon as its agent is ready. */
import type { Operation } from '../../main/contract/operation.ts';
import { operationStore } from '../features/operations/operation-store.ts';
import { sandboxStore, selectSandbox } from '../features/sandboxes/sandbox-store.ts';
import { openTerminal } from '../features/terminals/terminal-store.ts';
import { currentRoute, navigate } from './use-route.ts';

/** Shows the sandbox's page at once and opens its terminal when it runs. */
export function followCreation(operation: Operation): void {
  const { id, subject } = operation;
  navigate({ page: 'sandbox', name: subject });
  const settle = (): boolean => {
    const present = operationStore.getState().operations.find((known) => known.id === id);
    if (present === undefined || present.state === 'running') return false;
    if (present.state === 'succeeded') openTerminalOf(subject);
    return true;
  };
  if (settle()) return;
  const unsubscribe = operationStore.subscribe(() => {
    if (settle()) unsubscribe();
  });
}

function openTerminalOf(name: string): void {
  const sandbox = selectSandbox(name)(sandboxStore.getState());
  const route = currentRoute();
  // Whoever has gone on to something else is not pulled away from it.
  const isStillThere = route.page === 'sandbox' && route.name === name && !isTyping();
  openTerminal({ sandbox: name, shell: sandbox?.config.shell ?? '/bin/sh' }, isStillThere);
}

function isTyping(): boolean {
  return document.activeElement?.matches('input, textarea') ?? false;
}
