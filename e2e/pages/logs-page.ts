import type { Locator, Page } from '@playwright/test';

/** What one sandbox has said. */
export class LogsPage {
  readonly #page: Page;
  readonly #main: Locator;
  readonly lines: Locator;
  readonly search: Locator;
  readonly found: Locator;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#main = page.getByRole('main');
    // A log while it is followed, a region while one reads elsewhere in it.
    this.lines = this.#main.getByLabel(`Log of ${name}`, { exact: true });
    this.search = this.#main.getByRole('textbox', { name: 'Search the log' });
    this.found = this.#main.getByRole('search').getByRole('status');
  }

  async open(): Promise<void> {
    await this.#main.getByRole('link', { name: 'Logs', exact: true }).first().click();
    await this.search.waitFor();
  }

  source(name: 'All' | 'Boot console' | 'Agent' | 'Commands'): Locator {
    return this.#main.getByRole('button', { name, exact: true });
  }

  get stream(): Locator {
    return this.#main.getByRole('combobox', { name: 'Stream' });
  }

  get range(): Locator {
    return this.#main.getByRole('combobox', { name: 'Time range' });
  }

  get follow(): Locator {
    return this.#main.getByRole('checkbox', { name: 'Follow' });
  }

  get latest(): Locator {
    return this.#main.getByRole('button', { name: 'Jump to the latest' });
  }

  async choose(entry: string): Promise<void> {
    await this.#main.getByRole('button', { name: 'More for the log' }).click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }
}
