import type { Locator, Page } from '@playwright/test';

/** What one sandbox uses, over time. */
export class StatsPage {
  readonly #main: Locator;
  readonly table: Locator;

  constructor(page: Page) {
    this.#main = page.getByRole('main');
    this.table = this.#main.getByRole('table', { name: 'Use over time' });
  }

  async open(): Promise<void> {
    await this.#main.getByRole('link', { name: 'Stats', exact: true }).first().click();
    await this.graph('CPU').waitFor();
  }

  /** A graph with its numbers. */
  graph(name: 'CPU' | 'Memory' | 'Disk' | 'Network'): Locator {
    return this.#main.getByRole('region', { name, exact: true });
  }

  button(name: string): Locator {
    return this.#main.getByRole('button', { name, exact: true });
  }

  async openTable(): Promise<void> {
    await this.#main.getByText('As a table').click();
  }
}
