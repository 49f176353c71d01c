/** What the content of a layer's files is written to, or held against. */
import { ftruncateSync, writeSync } from 'node:fs';

/** Positions ascend; what is left out reads as zeros. */
export interface LayerDataFile {
  write(bytes: Uint8Array, position: number): void;
  /** Nothing follows. */
  end(length: number): void;
}

/** Writes to a file that is open and empty. */
export function writtenDataFile(file: number): LayerDataFile {
  return {
    write: (bytes, position) => {
      for (let done = 0; done < bytes.length;) {
        done += writeSync(file, bytes, done, bytes.length - done, position + done);
      }
    },
    end: (length) => {
      ftruncateSync(file, length);
    },
  };
}
