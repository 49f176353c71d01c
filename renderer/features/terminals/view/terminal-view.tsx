import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useBridge } from '../../../bridge/bridge-context.tsx';
import { liveTerminalOf, type LiveTerminal } from '../live-terminal.ts';
import { focusTerminal } from '../model/panel-model.ts';
import { titleOf } from '../model/terminal.ts';
import { keyboardPlatform } from '../screen/terminal-keys.ts';
import type { ScreenLook, SearchResults } from '../screen/screen.ts';
import { terminalSettingsStore } from '../terminal-settings.ts';
import { arrangePanel, terminalStore } from '../terminal-store.ts';
import { TerminalHeader } from './terminal-header.tsx';
import { TerminalMenu } from './terminal-menu.tsx';
import { TerminalNotices } from './terminal-notices.tsx';
import { TerminalSearch } from './terminal-search.tsx';
import { TerminalStandstill, useStandstill } from './terminal-standstill.tsx';
import { TerminalStatus } from './terminal-status.tsx';
import './terminal-view.css';

const modifier = keyboardPlatform(navigator.userAgent) === 'mac' ? 'Cmd' : 'Ctrl';

/** Props of {@link TerminalView}. */
export interface TerminalViewProps {
  readonly terminalId: string;
  readonly look: ScreenLook;
  readonly isVisible: boolean;
  /** It has the keyboard in its tab. */
  readonly isFocused: boolean;
  /** It shares its tab with no other. */
  readonly isAlone: boolean;
  readonly isBroadcasting: boolean;
}

/** One terminal: its screen, what is said about it, its search, and how its shell ended. */
export function TerminalView(props: TerminalViewProps) {
  const { terminalId, isVisible, isFocused, isAlone, isBroadcasting } = props;
  const { t } = useTranslation('terminals');
  const terminal = useStore(terminalStore, (state) => state.terminals[terminalId]);
  const isFinding = useStore(terminalStore, (state) => state.findingId === terminalId);
  const [results, setResults] = useState<SearchResults>({ resultIndex: -1, resultCount: 0 });
  const [link, setLink] = useState<string>();
  const { live, attach } = useLiveTerminal(props, setResults, setLink);
  const standstill = useStandstill(terminal);
  useFocusRequests(isVisible && isFocused, live);
  if (terminal === undefined) return null;

  return (
    <div
      className="terminal"
      role="group"
      aria-label={titleOf(terminal)}
      data-focused={isFocused ? '' : undefined}
      data-phase={terminal.phase.kind}
      data-broadcasting={isBroadcasting ? '' : undefined}
      onFocus={() => {
        if (!isFocused) arrangePanel((model) => focusTerminal(model, terminalId));
      }}
    >
      {!isAlone && <TerminalHeader terminal={terminal} isBroadcasting={isBroadcasting} />}
      {isFinding && live !== undefined && (
        <TerminalSearch
          screen={live.screen}
          results={results}
          onClose={() => {
            terminalStore.setState({ findingId: undefined });
            live.screen.endFind();
            live.screen.focus();
          }}
        />
      )}
      <TerminalMenu terminal={terminal}>
        <div ref={attach} className="terminal-place" />
      </TerminalMenu>
      {link !== undefined && (
        <p className="terminal-link" aria-hidden>
          {t('link.follow', { modifier, address: link })}
        </p>
      )}
      <TerminalNotices terminal={terminal} isStill={standstill !== undefined} />
      {standstill !== undefined && (
        <TerminalStandstill terminal={terminal} standstill={standstill} />
      )}
      {/* A shell that is kept with its sandbox has not gone, though nobody can reach it now. */}
      {(standstill === undefined || standstill === 'paused') && (
        <TerminalStatus terminal={terminal} isFocused={isFocused} />
      )}
    </div>
  );
}

/** Puts the terminal's screen where it is seen, and has it look as it is set. */
function useLiveTerminal(
  { terminalId, look, isVisible }: TerminalViewProps,
  onSearchResults: (results: SearchResults) => void,
  onLinkHover: (address: string | undefined) => void,
) {
  const bridge = useBridge();
  const settings = useStore(terminalSettingsStore);
  const [live, setLive] = useState<LiveTerminal>();
  const attach = useCallback(
    (place: HTMLDivElement | null) => {
      if (place === null) return;
      const found = liveTerminalOf(terminalId, bridge);
      found.listener = { onSearchResults, onLinkHover };
      found.mount(place);
      setLive(found);
      return () => {
        found.listener = undefined;
        setLive(undefined);
      };
    },
    [terminalId, bridge, onSearchResults, onLinkHover],
  );
  // Before the first paint, so that a dark window shows no light screen.
  useLayoutEffect(() => {
    live?.screen.setLook(look, settings);
  }, [live, look, settings]);
  useEffect(() => {
    live?.screen.setVisible(isVisible);
  }, [live, isVisible]);
  return { live, attach };
}

/** Puts the focus into the screen when it was asked for, or as soon as there is a screen. */
function useFocusRequests(isWanted: boolean, live: LiveTerminal | undefined): void {
  const requests = useStore(terminalStore, (state) => state.focusRequests);
  const answered = useRef(0);
  useEffect(() => {
    if (!isWanted || live === undefined || requests === answered.current) return;
    answered.current = requests;
    live.screen.focus();
  }, [isWanted, live, requests]);
}
