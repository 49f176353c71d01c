/** What is wrong with a layer, as it is thrown within a worker. It keeps the worker's modules few. */
import type { ErrorCode } from '../../contract/error-codes.ts';

/** Becomes an AppError of the same code and message at the worker's edge. */
export class LayerProblem extends Error {
  override readonly name = 'LayerProblem';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A damaged layer. */
export function corruptLayer(message: string): LayerProblem {
  return new LayerProblem('image/layer-corrupt', message);
}

/** A layer that must not be unpacked. */
export function unsafeLayer(message: string): LayerProblem {
  return new LayerProblem('image/layer-unsafe', message);
}

/** A form that is not read. */
export function unsupportedLayer(message: string): LayerProblem {
  return new LayerProblem('image/unsupported', message);
}

const shownNameLength = 200;

/** A name (bytes as Latin-1 characters) for a message: as UTF-8, quoted, never long. */
export function quoteName(name: string): string {
  const shown = name.length > shownNameLength ? `${name.slice(0, shownNameLength)}…` : name;
  const bytes = Uint8Array.from(shown, (char) => (char === '…' ? 0x2e : char.charCodeAt(0)));
  return JSON.stringify(new TextDecoder().decode(bytes));
}
