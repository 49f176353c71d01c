import { useCallback, useLayoutEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Screen } from '../screen/screen.ts';
import { seenLookStore } from '../seen-look.ts';
import { terminalTheme } from '../screen/terminal-themes.ts';
import { terminalSettingsStore } from '../terminal-settings.ts';
import './terminal-view.css';

const sample = [
  '\x1b[32mroot@web-api\x1b[0m:\x1b[34m~/app\x1b[0m# ls -l',
  'total 12',
  'drwxr-xr-x 2 root 4096 \x1b[1;34mbin\x1b[0m',
  '-rwxr-xr-x 1 root  812 \x1b[1;32mserve\x1b[0m',
  '\x1b[33mwarning:\x1b[0m 0O 1lI| -> => != === fi ffl',
  '\x1b[31merror:\x1b[0m exit \x1b[7m reversed \x1b[0m \x1b[4mline\x1b[0m',
  '\x1b[35mgrüße\x1b[0m \x1b[36m日本語\x1b[0m 🐚 \x1b[90mquiet\x1b[0m',
  '\x1b[32mroot@web-api\x1b[0m:\x1b[34m~/app\x1b[0m# ',
].join('\r\n');

const nothing = () => undefined;

/** A terminal without a shell, as the settings make it. */
export function TerminalPreview() {
  const theme = useStore(seenLookStore, (look) => look.theme);
  const settings = useStore(terminalSettingsStore);
  const [screen, setScreen] = useState<Screen>();
  const attach = useCallback((place: HTMLDivElement | null) => {
    if (place === null) return;
    const made = new Screen(terminalSettingsStore.getState(), {
      onInput: nothing,
      onRoom: nothing,
      onPaste: nothing,
      onSearchResults: nothing,
      onTitle: nothing,
      onClipboardWrite: nothing,
      onBell: nothing,
      onSelected: nothing,
      onLinkHover: nothing,
    });
    // It is a picture: nobody can type into it, and nobody needs to go through it.
    place.inert = true;
    made.mount(place);
    made.write(new TextEncoder().encode(sample), nothing);
    setScreen(made);
    return () => {
      setScreen(undefined);
      made.dispose();
    };
  }, []);
  useLayoutEffect(() => {
    screen?.setLook({ theme, isReadAloud: false }, settings);
  }, [screen, theme, settings]);
  const { background } = terminalTheme(settings.palette, theme);
  return <div ref={attach} className="terminal-preview" aria-hidden style={{ background }} />;
}
