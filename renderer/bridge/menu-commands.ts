/** What the desktop menu may ask of the page. */
export type MenuCommand = 'new-sandbox' | 'toggle-terminal' | 'command-palette' | 'show-host';

const commands: readonly string[] = [
  'new-sandbox',
  'toggle-terminal',
  'command-palette',
  'show-host',
] satisfies MenuCommand[];

/** Hears the commands of the desktop menu, which the preload posts; returns what ends it. */
export function onMenuCommand(listener: (command: MenuCommand) => void): () => void {
  const onMessage = (event: MessageEvent<unknown>) => {
    if (event.source !== window || !isCommandMessage(event.data)) return;
    listener(event.data.command);
  };
  window.addEventListener('message', onMessage);
  return () => {
    window.removeEventListener('message', onMessage);
  };
}

function isCommandMessage(data: unknown): data is { command: MenuCommand } {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'skerry:command' &&
    'command' in data &&
    typeof data.command === 'string' &&
    commands.includes(data.command)
  );
}
