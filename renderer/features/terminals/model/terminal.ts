import type { ErrorData } from '../../../../main/contract/error.ts';
import type { ExitStatus } from '../../../../main/contract/session.ts';

/** Where a terminal stands. */
export type TerminalPhase =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open' }
  | { readonly kind: 'exited'; readonly status: ExitStatus }
  | { readonly kind: 'failed'; readonly error: ErrorData }
  /** The host process is away; the command goes on in the sandbox. */
  | { readonly kind: 'lost' }
  /** The host process knows nothing of the session any more. */
  | { readonly kind: 'gone' };

/** Rows and columns. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Something that is said about a terminal until it is dismissed. */
export type TerminalNotice =
  | { readonly kind: 'text'; readonly text: string }
  /** The image lacks the shell that was wanted. */
  | { readonly kind: 'other-shell'; readonly wanted: string; readonly path: string }
  /** Output that nobody has any more. */
  | { readonly kind: 'gap'; readonly byteCount: number }
  /** A program wants to put this on the clipboard. */
  | { readonly kind: 'clipboard'; readonly text: string }
  /** The desktop's own terminal was not opened. */
  | { readonly kind: 'not-opened'; readonly error: ErrorData };

/** One terminal of the window. */
export interface Terminal {
  readonly id: string;
  /** Name of the sandbox. */
  readonly sandbox: string;
  /** Absolute path of the shell, or what else runs in it. */
  readonly command: string;
  /** As its program has set it (OSC 0 and 2). */
  readonly programTitle: string | undefined;
  /** Known from the moment that the shell runs. */
  readonly sessionId: string | undefined;
  readonly phase: TerminalPhase;
  /** Counts the shells and attachments it has had; a change begins the next one. */
  readonly attempt: number;
  readonly notices: readonly TerminalNotice[];
  /** The size of all clients together, where this window would show another one. */
  readonly foreignSize: TerminalSize | undefined;
}

/** What a new terminal begins from. */
export interface TerminalRequest {
  readonly sandbox: string;
  /** Absolute path of the shell; its last part is in the title. */
  readonly shell: string;
  /** A session to attach to; a new shell without it. */
  readonly sessionId?: string | undefined;
}

/** A terminal that is about to begin. */
export function newTerminal(
  { sandbox, shell, sessionId }: TerminalRequest,
  id: string = crypto.randomUUID(),
): Terminal {
  return {
    id,
    sandbox,
    command: shell,
    programTitle: undefined,
    sessionId,
    phase: { kind: 'opening' },
    attempt: 0,
    notices: [],
    foreignSize: undefined,
  };
}

/** `web-api: vim notes`, or `web-api: sh` where its program has set no title. */
export function titleOf({ sandbox, command, programTitle }: Terminal): string {
  const name = command.split('/').at(-1) ?? command;
  return `${sandbox}: ${programTitle ?? name}`;
}

/** Whether no more output comes of it as it is. */
export function hasEnded({ phase }: Terminal): boolean {
  return phase.kind === 'exited' || phase.kind === 'failed' || phase.kind === 'gone';
}

/** The same terminal before another shell or attachment. */
export function again(terminal: Terminal): Terminal {
  return {
    ...terminal,
    phase: { kind: 'opening' },
    attempt: terminal.attempt + 1,
    foreignSize: undefined,
  };
}
