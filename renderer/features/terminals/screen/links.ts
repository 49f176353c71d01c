/** Addresses in a terminal: those that are printed, and those behind a text (OSC 8). */
import { WebLinksAddon } from '@xterm/addon-web-links';
import type { Terminal } from '@xterm/xterm';
import { keyboardPlatform } from './terminal-keys.ts';
import { webAddress } from './web-address.ts';

const platform = keyboardPlatform(navigator.userAgent);

/** Follows links with a modifier only, and reports the one below the pointer. */
export function attachLinks(
  terminal: Terminal,
  onHover: (address: string | undefined) => void,
): void {
  const hover = (_event: MouseEvent, address: string) => {
    onHover(webAddress(address));
  };
  const leave = () => {
    onHover(undefined);
  };
  terminal.options.linkHandler = { activate: openLink, hover, leave };
  terminal.loadAddon(new WebLinksAddon(openLink, { hover, leave }));
}

/** Opens an address of the web, with a modifier only: a guest may print whatever it wants. */
function openLink(event: MouseEvent, address: string): void {
  if (!(platform === 'mac' ? event.metaKey : event.ctrlKey)) return;
  const opened = webAddress(address);
  if (opened !== undefined) window.open(opened, '_blank', 'noopener,noreferrer');
}
