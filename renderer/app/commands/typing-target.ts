/** What takes letters for itself: fields, terminals, and lists that one goes through by typing. */
const takesLetters = [
  ...(['input', 'textarea', 'select', '[contenteditable]:not([contenteditable="false"])'] as const),
  ...['menu', 'listbox', 'tree', 'grid', 'dialog', 'alertdialog', 'radiogroup', 'tablist'].map(
    (role) => `[role="${role}"]`,
  ),
].join();

/** Whether a key that was pressed there is nobody else's. */
export function isElsewhere(target: EventTarget | null): boolean {
  return !(target instanceof Element) || target.closest(takesLetters) === null;
}
