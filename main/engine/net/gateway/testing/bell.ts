/** Waits for what is so after something has happened, and for nothing else. */
export class Bell {
  #next = Promise.withResolvers<undefined>();

  /** Something has happened. */
  ring(): void {
    this.#next.resolve(undefined);
    this.#next = Promise.withResolvers();
  }

  /** When it is so; asked again whenever something has happened. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#next.promise;
  }
}
