/** What the desktop's menus may ask of the page. */
export type MenuCommand =
  | ('new-sandbox' | 'toggle-terminal' | 'command-palette' | 'show-host')
  | ('show-settings' | 'show-shortcuts')
  | `${'open-sandbox' | 'open-terminal'} ${string}`;

const pattern =
  /^(?:new-sandbox|toggle-terminal|command-palette|show-host|show-settings|show-shortcuts|open-(?:sandbox|terminal) [\w.-]{1,128})$/;

/** Most commands that wait for a page that is still being made. */
const maxWaiting = 8;

const waiting: MenuCommand[] = [];
let listener: ((command: MenuCommand) => void) | undefined;

/**
 * Hears the commands of the desktop's menus, which the preload posts, those first that came before
 * anyone listened: a menu may open a window only to ask it for something. Returns what ends it.
 */
export function onMenuCommand(hear: (command: MenuCommand) => void): () => void {
  listener = hear;
  for (const command of waiting.splice(0)) hear(command);
  return () => {
    if (listener === hear) listener = undefined;
  };
}

/** Takes commands from now on; called once, before the page is drawn. */
export function receiveMenuCommands(page: Window = window): void {
  page.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== page || !isCommandMessage(event.data)) return;
    const { command } = event.data;
    if (listener !== undefined) listener(command);
    else if (waiting.length < maxWaiting) waiting.push(command);
  });
}

function isCommandMessage(data: unknown): data is { command: MenuCommand } {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'skerry:command' &&
    'command' in data &&
    typeof data.command === 'string' &&
    pattern.test(data.command)
  );
}
