import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useState,
  type RefCallback,
} from 'react';
import { useBridge, type Bridge } from '../../bridge/bridge-context.tsx';
import { maxQueuedInputBytes } from '../../bridge/session-channel.ts';
import { formatBytes } from '../../ui/format.ts';
import { liveSessions } from './live-sessions.ts';
import { preparePaste, type Paste } from './paste-text.ts';
import { Screen, type ScreenLook } from './screen.ts';
import { startTerminalSession } from './terminal-session.ts';
import { updateTerminal, type TerminalTab } from './terminal-store.ts';

/** Matches of a search: which one is shown, and how many there are. */
export interface SearchResults {
  readonly resultIndex: number;
  readonly resultCount: number;
}

/** What a terminal's view works with. */
export interface TerminalView {
  /** For the `ref` of the element that holds the screen. */
  readonly attach: RefCallback<HTMLDivElement>;
  readonly screen: Screen | undefined;
  readonly results: SearchResults;
  readonly isFinding: boolean;
  readonly setIsFinding: (isFinding: boolean) => void;
  /** A paste that waits for consent. */
  readonly pendingPaste: Paste | undefined;
  readonly paste: (text: string) => void;
  readonly answerPaste: (isAllowed: boolean) => void;
}

/** Puts a tab's screen into an element and its shell behind the screen. */
export function useTerminal(tab: TerminalTab, look: ScreenLook, isVisible: boolean): TerminalView {
  const bridge = useBridge();
  const [screen, setScreen] = useState<Screen>();
  const [results, setResults] = useState<SearchResults>({ resultIndex: -1, resultCount: 0 });
  const [isFinding, setIsFinding] = useState(false);
  const [pendingPaste, setPendingPaste] = useState<Paste>();
  const { id, attempt } = tab;

  const attach = useCallback(
    (element: HTMLDivElement | null) => {
      if (element === null) return;
      const made = new Screen(element, {
        onInput: (bytes) => {
          sendInput(id, bytes);
        },
        onResize: (size) => {
          liveSessions.get(id)?.resize(size);
        },
        onPaste: (text) => {
          offerPaste(made, text, setPendingPaste);
        },
        onFind: () => {
          setIsFinding(true);
        },
        onSearchResults: setResults,
      });
      setScreen(made);
      return () => {
        setScreen(undefined);
        made.dispose();
      };
    },
    [id],
  );

  // Before the first paint, so that a dark window shows no light screen.
  useLayoutEffect(() => {
    screen?.setLook(look);
  }, [screen, look]);

  useEffect(() => {
    screen?.setVisible(isVisible);
  }, [screen, isVisible]);

  // The tab changes with every state of its session; only another attempt is another session.
  const run = useEffectEvent((on: Screen) => runSession(bridge, on, tab));
  useEffect(() => (screen === undefined ? undefined : run(screen)), [screen, attempt]);

  return {
    attach,
    screen,
    results,
    isFinding,
    setIsFinding,
    pendingPaste,
    paste: (text) => {
      if (screen !== undefined) offerPaste(screen, text, setPendingPaste);
    },
    answerPaste: (isAllowed) => {
      if (isAllowed && pendingPaste !== undefined) screen?.paste(pendingPaste.text);
      setPendingPaste(undefined);
      screen?.focus();
    },
  };
}

/** Pastes a text, or puts it aside until someone has agreed to it. */
function offerPaste(screen: Screen, text: string, ask: (paste: Paste) => void): void {
  const paste = preparePaste(text, screen.isPasteBracketed);
  if (paste.needsConsent) ask(paste);
  else screen.paste(paste.text);
}

/** Runs one shell or attachment of a tab on its screen; returns what lets go of it. */
function runSession(bridge: Bridge, screen: Screen, tab: TerminalTab): () => void {
  const { id, sandbox, sessionId, attempt } = tab;
  if (attempt > 0 && sessionId === undefined) screen.beginAnew();
  if (sessionId !== undefined) screen.reset();
  const session = startTerminalSession(
    {
      client: bridge.connection.client,
      openSession: bridge.openSession,
      sandbox,
      sessionId,
      write: (bytes, onUsed) => {
        screen.write(bytes, onUsed);
      },
      onOpen: (opened) => {
        updateTerminal(id, { phase: { kind: 'open' }, sessionId: opened });
      },
      onExit: (status) => {
        updateTerminal(id, { phase: { kind: 'exited', status } });
      },
      onError: (error) => {
        updateTerminal(id, { phase: { kind: 'failed', error } });
      },
      onLost: () => {
        updateTerminal(id, { phase: { kind: 'lost' } });
      },
    },
    screen.size,
  );
  liveSessions.set(id, session);
  return () => {
    session.detach();
    if (liveSessions.get(id) === session) liveSessions.delete(id);
  };
}

function sendInput(id: string, bytes: Uint8Array): void {
  const session = liveSessions.get(id);
  if (session === undefined || session.input(bytes)) return;
  // A key into a shell that has ended is nothing to remark; a lost paste is.
  if (bytes.length < 64) return;
  updateTerminal(id, {
    notice: `${formatBytes(bytes.length)} were not sent: the sandbox takes its input slower than it comes, and at most ${formatBytes(maxQueuedInputBytes)} wait.`,
  });
}
