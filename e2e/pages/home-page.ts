import type { Locator, Page } from '@playwright/test';

/** The list of all sandboxes, and what is done to several of them. */
export class HomePage {
  readonly #page: Page;
  readonly #main: Locator;
  readonly table: Locator;
  readonly filter: Locator;
  readonly bulk: Locator;
  readonly outcome: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#main = page.getByRole('main');
    this.table = this.#main.getByRole('table', { name: 'Sandboxes' });
    this.filter = this.#main.getByRole('textbox', { name: 'Filter sandboxes' });
    this.bulk = this.#main.getByRole('toolbar', { name: 'With all that are selected' });
    this.outcome = this.#main.getByRole('region', { name: 'What came of it' });
  }

  row(name: string): Locator {
    return this.table.getByRole('row').filter({ has: this.box(name) });
  }

  box(name: string): Locator {
    return this.#page.getByRole('checkbox', { name: `Select ${name}`, exact: true });
  }

  /** The names of the rows, from the top. */
  names(): Promise<string[]> {
    return this.table.getByRole('rowheader').allInnerTexts();
  }

  order(column: string): Locator {
    return this.table.getByRole('columnheader').getByRole('button', { name: column });
  }
}
