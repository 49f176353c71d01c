/** A terminal of the directory with a guest that does what a test says, and clients that show it. */
import graphemes from '@xterm/addon-unicode-graphemes';
import xterm, { type Terminal } from '@xterm/headless';
import type { Session } from '../../../../contract/session.ts';
import { isAppError } from '../../../base/app-error.ts';
import type { SessionAttachment, SessionSink } from '../../../engine.ts';
import { LocalMirrors } from '../../../terminal/testing/local-mirrors.ts';
import { coreOf } from '../../../terminal/xterm-core.ts';
import { FakeAgent, type FakeAgentSession } from '../../../testing/fake-agent.ts';
import { SessionDirectory } from '../session-directory.ts';

/** How a client uses what it is given. */
type Pace = 'at-once' | 'never';

/** A client with a screen, as a window is one. */
export class TestScreen implements SessionSink {
  attachment: SessionAttachment | undefined;
  /** Everything but output, in order. */
  readonly heard: string[] = [];
  /** Most bytes that were not acknowledged. */
  mostInFlight = 0;
  pace: Pace;
  /** Called with each piece of output, before it is used. */
  onOutput: (bytes: Uint8Array) => void = () => undefined;
  #inFlight = 0;
  #terminal: Terminal;

  constructor(pace: Pace = 'at-once') {
    this.pace = pace;
    this.#terminal = newTerminal(24, 80);
  }

  onAttached({ rows, columns, gapBytes }: Parameters<SessionSink['onAttached']>[0]): void {
    this.heard.push(`attached ${String(rows)} ${String(columns)} ${String(gapBytes)}`);
    this.#terminal = newTerminal(rows, columns);
  }

  onSize(rows: number, columns: number): void {
    this.heard.push(`size ${String(rows)} ${String(columns)}`);
    this.#terminal.resize(columns, rows);
  }

  onStdout(bytes: Uint8Array): void {
    coreOf(this.#terminal)._inputHandler.parse(bytes);
    this.onOutput(bytes);
    this.#inFlight += bytes.length;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    if (this.pace === 'at-once') this.use();
  }

  onStderr(): void {
    this.heard.push('stderr');
  }

  onExit(status: Parameters<SessionSink['onExit']>[0]): void {
    this.heard.push(`exit ${status.kind === 'exited' ? String(status.code) : 'signal'}`);
  }

  onError(error: Error): void {
    this.heard.push(isAppError(error) ? `error ${error.code}` : `error ${error.message}`);
  }

  /** Acknowledges all it was given. */
  use(): void {
    const byteCount = this.#inFlight;
    this.#inFlight = 0;
    if (byteCount > 0) this.attachment?.acknowledge(byteCount);
  }

  /** What is seen of it, without the spaces at the end of lines. */
  get shown(): string {
    const { buffer, rows } = this.#terminal;
    const lines = Array.from({ length: rows }, (_, row) =>
      buffer.active.getLine(buffer.active.viewportY + row)?.translateToString(true),
    );
    return lines.join('\n').trimEnd();
  }
}

function newTerminal(rows: number, cols: number): Terminal {
  const terminal = new xterm.Terminal({ rows, cols, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new graphemes.UnicodeGraphemesAddon());
  return terminal;
}

/** The run of the sandbox that has the terminal. */
export const testRun = { id: '0123456789', name: 'web', startedAtMs: 1_000_000 };

/** What a test of a terminal has. */
export interface TestTerminal {
  readonly mirrors: LocalMirrors;
  readonly directory: SessionDirectory;
  readonly agent: FakeAgent;
  readonly info: Session;
  /** The guest's side. */
  readonly session: FakeAgentSession;
  attach(pace?: Pace): Promise<TestScreen>;
  /** The program writes; resolves when all that follows from it has happened. */
  write(bytes: string | Uint8Array): Promise<void>;
  settle(): Promise<void>;
}

/** Starts a terminal of 24 rows and 80 columns. */
export async function aTerminal(): Promise<TestTerminal> {
  const mirrors = new LocalMirrors();
  const directory = new SessionDirectory(mirrors);
  const agent = new FakeAgent();
  const size = { rows: 24, columns: 80 };
  await agent.exec({ command: ['sh'], env: {}, workdir: '/', tty: size });
  const [session] = agent.sessions();
  if (session === undefined) throw new Error('The fake agent has no session.');
  const info = directory.add(testRun, session, { size });
  const terminal: TestTerminal = {
    ...{ mirrors, directory, agent, session, info },
    attach: async (pace) => {
      const screen = new TestScreen(pace);
      screen.attachment = directory.attach(info.id, screen);
      await mirrors.idle();
      return screen;
    },
    write: async (bytes) => {
      session.listener?.onStdout(Buffer.from(bytes));
      await mirrors.idle();
    },
    settle: () => mirrors.idle(),
  };
  return terminal;
}
