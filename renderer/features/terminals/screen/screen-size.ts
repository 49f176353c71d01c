/** The size of a screen: what its element has room for, and what it has to be for all clients. */
import { FitAddon } from '@xterm/addon-fit';
import type { Terminal } from '@xterm/xterm';
import type { TerminalSize } from '../model/terminal.ts';

/** Largest terminal of the contract. */
const maxRowsOrColumns = 1000;

/** Follows the size of an element; draws at another one where several clients share a terminal. */
export class ScreenSize {
  readonly #terminal: Terminal;
  readonly #element: HTMLElement;
  readonly #onRoom: (size: TerminalSize) => void;
  readonly #fit = new FitAddon();
  readonly #observer: ResizeObserver;
  #frame: number | undefined;
  #room: TerminalSize | undefined;
  #isGiven = false;

  /** @param onRoom hears of every change of what the element has room for */
  constructor(terminal: Terminal, element: HTMLElement, onRoom: (size: TerminalSize) => void) {
    this.#terminal = terminal;
    this.#element = element;
    this.#onRoom = onRoom;
    terminal.loadAddon(this.#fit);
    this.#observer = new ResizeObserver(() => {
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = undefined;
        this.measure();
      });
    });
    this.#observer.observe(element);
  }

  /** What the element has room for; undefined as long as it was never seen. */
  get room(): TerminalSize | undefined {
    return this.#room;
  }

  /** Looks again: the element or the text has another size. */
  measure(): void {
    if (this.#element.clientHeight === 0 || this.#element.clientWidth === 0) return;
    const proposed = this.#fit.proposeDimensions();
    if (proposed === undefined || Number.isNaN(proposed.cols)) return;
    const columns = Math.min(maxRowsOrColumns, Math.max(2, proposed.cols));
    const rows = Math.min(maxRowsOrColumns, Math.max(1, proposed.rows));
    const isSame = this.#room?.rows === rows && this.#room.columns === columns;
    this.#room = { rows, columns };
    if (!this.#isGiven) this.#resize(this.#room);
    this.#frameScreen();
    if (!isSame) this.#onRoom(this.#room);
  }

  /** The host process says the size from now on. */
  give({ rows, columns }: TerminalSize): void {
    this.#isGiven = true;
    this.#resize({
      rows: Math.min(maxRowsOrColumns, Math.max(1, rows)),
      columns: Math.min(maxRowsOrColumns, Math.max(2, columns)),
    });
    this.#frameScreen();
  }

  /** The element says the size again. */
  free(): void {
    this.#isGiven = false;
    this.measure();
  }

  dispose(): void {
    this.#observer.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #resize({ rows, columns }: TerminalSize): void {
    if (columns === this.#terminal.cols && rows === this.#terminal.rows) return;
    this.#terminal.resize(columns, rows);
  }

  /** A screen that has not the size of its element gets an edge of its own. */
  #frameScreen(): void {
    const { element } = this.#terminal;
    const drawn = element?.querySelector<HTMLElement>('.xterm-screen');
    if (element === undefined || drawn === null || drawn === undefined) return;
    const { rows, cols } = this.#terminal;
    const room = this.#room ?? { rows, columns: cols };
    const isOther = room.rows !== rows || room.columns !== cols;
    const isLarger = room.rows < rows || room.columns < cols;
    this.#element.classList.toggle('terminal-xterm-larger', isLarger);
    this.#element.classList.toggle('terminal-xterm-framed', isOther);
    const scrollbarPx = 15;
    element.style.width = isOther ? `${String(drawn.offsetWidth + scrollbarPx)}px` : '';
    element.style.height = isOther ? `${String(drawn.offsetHeight)}px` : '';
  }
}
