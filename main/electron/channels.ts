/**
 * Names that cross between the main process, the preload script and the page.
 * The page's side is renderer/bridge/electron.ts, which cannot import from here.
 */

/** Ipc channels. The first five are sent by the preload script; the others answer or tell. */
export const channels = {
  requestRpcPort: 'skerry:request-rpc-port',
  requestSessionPort: 'skerry:request-session-port',
  choosePath: 'skerry:choose-path',
  preferences: 'skerry:preferences',
  showWindow: 'skerry:show-window',
  rpcPort: 'skerry:rpc-port',
  sessionPort: 'skerry:session-port',
  chosenPath: 'skerry:chosen-path',
  command: 'skerry:command',
} as const;

/** What the menus ask of the page. The page's side is renderer/bridge/menu-commands.ts. */
export type MenuCommand =
  | ('new-sandbox' | 'toggle-terminal' | 'command-palette' | 'show-host')
  | ('show-settings' | 'show-shortcuts')
  /** With the name of a sandbox. */
  | `${'open-sandbox' | 'open-terminal'} ${string}`;

/** Longest request or session id that is taken from a page, in characters. */
const maxIdLength = 128;

/** Whether a value from a page may serve as an id: short, and nothing but plain characters. */
export function isId(value: unknown): value is string {
  return (
    typeof value === 'string' && value.length <= maxIdLength && /^[A-Za-z0-9._:-]+$/.test(value)
  );
}
