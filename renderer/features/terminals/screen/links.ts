/** Addresses in a terminal: those that are printed, and those behind a text (OSC 8). */
import { WebLinksAddon } from '@xterm/addon-web-links';
import type { Terminal } from '@xterm/xterm';
import { keyboardPlatform } from './terminal-keys.ts';

const platform = keyboardPlatform(navigator.userAgent);

/** Follows links with a modifier only, and reports the one below the pointer. */
export function attachLinks(
  terminal: Terminal,
  onHover: (address: string | undefined) => void,
): void {
  const hover = (_event: MouseEvent, address: string) => {
    if (isWebAddress(address)) onHover(address);
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
  if (isWebAddress(address)) window.open(address, '_blank', 'noopener,noreferrer');
}

function isWebAddress(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
