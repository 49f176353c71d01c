/** Does the work of a command and keeps what to exit with. */
export type Perform = (work: Promise<number>) => Promise<void>;
