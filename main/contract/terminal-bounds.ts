/**
 * Bounds that xterm.js itself does not have, on what a program can make a terminal keep and do: the
 * same for the mirror of the host and the screen of the window, so that both show the same.
 */

/** Longest address behind a text (OSC 8), in UTF-16 code units; what VTE takes as well. */
const maxAddressLength = 2083;
/** Addresses that are kept; the text of the oldest stays, and leads nowhere. */
const maxLinks = 10_000;
/**
 * Longest text of one cell, in UTF-16 code units: 30 marks, as the Stream-Safe Text Format (UAX 15,
 * section 13) has them, with room for those that have two units.
 */
const maxCellLength = 64;

interface Link {
  readonly id?: string | undefined;
  readonly uri: string;
}

interface Line {
  getString(column: number): string;
  addCodepointToCell: (this: Line, column: number, codePoint: number, width: number) => void;
}

/** The inside of xterm.js that is bounded. */
interface Core {
  readonly _oscLinkService: {
    registerLink(link: Link): number;
    addLineToLink(id: number, line: number): void;
    getLinkData(id: number): Link | undefined;
  };
  readonly _bufferService: {
    readonly buffers: { readonly normal: { readonly lines: { get(row: number): object } } };
  };
}

/** The kind of line that is bounded; all terminals of a library share it. */
const boundedLines = new WeakSet<object>();

/** Bounds a terminal of xterm.js, before anything is written to it. */
export function boundTerminal(terminal: object): void {
  const { _core: core } = terminal as { readonly _core: Core };
  boundLinks(core._oscLinkService);
  boundCells(core._bufferService.buffers.normal.lines.get(0));
}

/**
 * xterm.js gives each link a marker for each of its lines, and every line that scrolls away asks
 * every marker: a list of some thousand links takes minutes. The cells know their link themselves.
 */
function boundLinks(service: Core['_oscLinkService']): void {
  const links = new Map<number, Link>();
  const idsByKey = new Map<string, number>();
  let lastId = 0;
  const forget = (id: number, link: Link): void => {
    links.delete(id);
    idsByKey.delete(keyOf(link));
  };
  service.registerLink = (link) => {
    if (link.uri.length + (link.id?.length ?? 0) > maxAddressLength) return 0;
    const known = link.id === undefined ? undefined : idsByKey.get(keyOf(link));
    if (known !== undefined) {
      // It counts as new.
      links.delete(known);
      links.set(known, link);
      return known;
    }
    lastId += 1;
    links.set(lastId, link);
    if (link.id !== undefined) idsByKey.set(keyOf(link), lastId);
    const [oldest] = links;
    if (links.size > maxLinks && oldest !== undefined) forget(...oldest);
    return lastId;
  };
  service.addLineToLink = () => undefined;
  service.getLinkData = (id) => links.get(id);
}

function keyOf({ id = '', uri }: Link): string {
  return `${id};${uri}`;
}

/** Marks without end on one character are left out from a length on. */
function boundCells(line: object): void {
  const prototype = Object.getPrototypeOf(line) as Line;
  if (boundedLines.has(prototype)) return;
  boundedLines.add(prototype);
  const add = prototype.addCodepointToCell;
  prototype.addCodepointToCell = function (this: Line, column, codePoint, width) {
    if (this.getString(column).length < maxCellLength) add.call(this, column, codePoint, width);
  };
}
