/** A terminal that runs: its screen, its session, and what the store knows of them. */
import type { Bridge } from '../../bridge/bridge-context.tsx';
import { maxQueuedInputBytes } from '../../bridge/session-channel.ts';
import { copyText } from '../../ui/clipboard.ts';
import { formatBytes } from '../../ui/format.ts';
import { translate } from '../../words/language.ts';
import { liveTerminals, type LiveTerminalHandle } from './live-terminals.ts';
import { terminalsOf } from './model/layout.ts';
import { tabWith } from './model/panel-model.ts';
import type { Terminal, TerminalSize } from './model/terminal.ts';
import { askAboutPaste } from './panel-questions.ts';
import { isForAll } from './screen/broadcast.ts';
import { preparePaste } from './screen/paste-text.ts';
import { Screen, type SearchResults } from './screen/screen.ts';
import { startTerminalSession, type TerminalSession } from './screen/terminal-session.ts';
import { terminalSettingsStore } from './terminal-settings.ts';
import { addNotice, terminalStore, updateTerminal } from './terminal-store.ts';

/** What a view shows besides the screen. */
export interface LiveTerminalListener {
  onSearchResults(results: SearchResults): void;
  onLinkHover(address: string | undefined): void;
}

/** A change of the title or size is told once it has lasted so long. */
const settleMs = 300;
/** Input that is lost is worth a word from so many bytes on. */
const smallestNotedBytes = 64;

/** The live terminal of an id; it is made when it is first asked for, and goes with the terminal. */
export function liveTerminalOf(id: string, bridge: Bridge): LiveTerminal {
  const known = liveTerminals.get(id);
  if (known instanceof LiveTerminal) return known;
  const made = new LiveTerminal(id, bridge);
  liveTerminals.set(id, made);
  return made;
}

/** See {@link liveTerminalOf}. */
export class LiveTerminal implements LiveTerminalHandle {
  readonly screen: Screen;
  listener: LiveTerminalListener | undefined;
  readonly #id: string;
  readonly #bridge: Bridge;
  readonly #unsubscribe: () => void;
  #session: TerminalSession | undefined;
  /** The attempt whose session this is. */
  #attempt: number | undefined;
  #given: TerminalSize | undefined;
  #sizeTimer: ReturnType<typeof setTimeout> | undefined;
  #titleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, bridge: Bridge) {
    this.#id = id;
    this.#bridge = bridge;
    this.screen = new Screen(terminalSettingsStore.getState(), {
      onInput: (bytes) => {
        this.#input(bytes);
      },
      onRoom: (size) => {
        this.#session?.resize(size);
        this.#compareSizes();
        this.#beginIfDue();
      },
      onPaste: (text) => {
        this.offerPaste(text);
      },
      onSearchResults: (results) => {
        this.listener?.onSearchResults(results);
      },
      onTitle: (title) => {
        clearTimeout(this.#titleTimer);
        this.#titleTimer = setTimeout(() => {
          updateTerminal(id, { programTitle: title });
        }, settleMs);
      },
      onClipboardWrite: (text) => {
        this.#takeClipboardWrite(text);
      },
      onBell: () => {
        if (terminalSettingsStore.getState().bell === 'visual') this.screen.flash();
      },
      onSelected: () => {
        if (terminalSettingsStore.getState().copiesOnSelect) void copyText(this.screen.selection);
      },
      onLinkHover: (address) => {
        this.listener?.onLinkHover(address);
      },
    });
    this.#unsubscribe = terminalStore.subscribe(({ terminals }) => {
      if (terminals[id] === undefined) this.#dispose();
      else this.#beginIfDue();
    });
  }

  /** Puts the screen into a place; the first time, this begins the session. */
  mount(place: HTMLElement): void {
    this.screen.mount(place);
    this.#beginIfDue();
  }

  send(bytes: Uint8Array): void {
    if (this.#session === undefined || this.#session.input(bytes)) return;
    // A key into a shell that has ended is nothing to remark; a lost paste is.
    if (bytes.length < smallestNotedBytes) return;
    const text = translate('terminals:notice.inputLost', {
      size: formatBytes(bytes.length),
      limit: formatBytes(maxQueuedInputBytes),
    });
    addNotice(this.#id, { kind: 'text', text });
  }

  offerPaste(text: string): void {
    const paste = preparePaste(text, this.screen.isPasteBracketed);
    if (paste.needsConsent && terminalSettingsStore.getState().warnsOfPaste) {
      askAboutPaste(this.#id, paste);
    } else {
      this.screen.paste(paste.text);
    }
  }

  useOwnSize(): void {
    this.#session?.setSizing('mine');
  }

  close(): void {
    this.#session?.close();
  }

  get #terminal(): Terminal | undefined {
    return terminalStore.getState().terminals[this.#id];
  }

  /** What is typed goes to every terminal of the tab where this was asked for. */
  #input(bytes: Uint8Array): void {
    const tab = tabWith(terminalStore.getState(), this.#id);
    if (tab?.isBroadcasting !== true || !isForAll(bytes)) {
      this.send(bytes);
      return;
    }
    for (const id of terminalsOf(tab.layout)) liveTerminals.get(id)?.send(bytes);
  }

  /** Another attempt begins once the screen has a size; before that nobody could say one. */
  #beginIfDue(): void {
    const terminal = this.#terminal;
    const { room } = this.screen;
    if (terminal === undefined || room === undefined) return;
    if (terminal.phase.kind !== 'opening' || terminal.attempt === this.#attempt) return;
    this.#session?.detach();
    this.#attempt = terminal.attempt;
    this.#begin(terminal, room);
  }

  #begin(terminal: Terminal, room: TerminalSize): void {
    const { sandbox, sessionId, attempt } = terminal;
    if (attempt > 0 && sessionId === undefined) this.screen.beginAnew();
    if (sessionId !== undefined) this.screen.reset();
    this.#given = undefined;
    // Without a session there are no others whose size counts.
    const end = (phase: Terminal['phase']) => {
      this.#given = undefined;
      this.screen.takeOwnSize();
      updateTerminal(this.#id, { phase, foreignSize: undefined });
    };
    const { client } = this.#bridge.connection;
    this.#session = startTerminalSession(
      {
        ...{ client, openSession: this.#bridge.openSession, sandbox, sessionId },
        screen: this.screen,
        onOpen: ({ id, shell }) => {
          updateTerminal(this.#id, ({ phase, command }) => ({
            sessionId: id,
            command: shell?.path ?? command,
            // A session that ended at once has said so already.
            ...(phase.kind === 'opening' && { phase: { kind: 'open' } }),
          }));
          if (shell?.wanted !== undefined && sessionId === undefined) {
            const { path, wanted } = shell;
            addNotice(this.#id, { kind: 'other-shell', path, wanted });
          }
        },
        onAttached: ({ gapBytes }) => {
          if (gapBytes > 0) addNotice(this.#id, { kind: 'gap', byteCount: gapBytes });
        },
        onSize: (size) => {
          this.#given = size;
          this.#compareSizes();
        },
        onExit: (status) => {
          end({ kind: 'exited', status });
        },
        onError: (error) => {
          end(
            error.code === 'session/not-found' && sessionId !== undefined
              ? { kind: 'gone' }
              : { kind: 'failed', error },
          );
        },
        onLost: () => {
          updateTerminal(this.#id, { phase: { kind: 'lost' } });
        },
        onGone: () => {
          end({ kind: 'gone' });
        },
      },
      room,
    );
  }

  /** While the host process takes up a new size, the two differ for a moment: that is not said. */
  #compareSizes(): void {
    clearTimeout(this.#sizeTimer);
    const [room, given] = [this.screen.room, this.#given];
    const isForeign =
      room !== undefined &&
      given !== undefined &&
      (room.rows !== given.rows || room.columns !== given.columns);
    if (!isForeign) {
      if (this.#terminal?.foreignSize !== undefined) {
        updateTerminal(this.#id, { foreignSize: undefined });
      }
      return;
    }
    const { rows, columns } = given;
    this.#sizeTimer = setTimeout(() => {
      if (this.#terminal?.phase.kind !== 'open') return;
      updateTerminal(this.#id, { foreignSize: { rows, columns } });
    }, settleMs);
  }

  #takeClipboardWrite(text: string): void {
    // What is repeated after a reload was asked about when it was new.
    if (this.#session?.isReplaying !== false) return;
    const { clipboardWrites } = terminalSettingsStore.getState();
    if (clipboardWrites === 'deny') return;
    if (clipboardWrites === 'ask') addNotice(this.#id, { kind: 'clipboard', text });
    else void copyText(text);
  }

  #dispose(): void {
    this.#unsubscribe();
    clearTimeout(this.#sizeTimer);
    clearTimeout(this.#titleTimer);
    this.#session?.detach();
    this.screen.dispose();
    liveTerminals.delete(this.#id);
  }
}
