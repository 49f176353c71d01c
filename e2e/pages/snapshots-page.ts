import { expect, type Locator, type Page } from '@playwright/test';

/** The snapshots of one sandbox. */
export class SnapshotsPage {
  readonly #page: Page;
  readonly #main: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#main = page.getByRole('main');
  }

  async open(): Promise<void> {
    await this.#main.getByRole('link', { name: 'Snapshots', exact: true }).click();
    await this.#main.getByRole('region', { name: 'Snapshots' }).waitFor();
  }

  get tree(): Locator {
    return this.#main.getByRole('tree');
  }

  /** A snapshot or sandbox in the tree. */
  item(name: string): Locator {
    return this.tree
      .getByRole('treeitem')
      .filter({ has: this.#page.getByText(name, { exact: true }) });
  }

  /** What is said of the one that is chosen, and its buttons. */
  get chosen(): Locator {
    return this.#main.getByRole('region', { name: 'What is chosen' });
  }

  get comparison(): Locator {
    return this.#main.getByRole('region', { name: /^From / });
  }

  /** Takes one by its dialog, and waits until it is there. */
  async take(name: string, options: { readonly withMemory?: boolean } = {}): Promise<void> {
    await this.#main.getByRole('button', { name: 'Take snapshot' }).click();
    const dialog = this.#page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    if (options.withMemory === false) {
      await dialog.getByRole('checkbox', { name: /With its memory/ }).uncheck();
    }
    await dialog.getByRole('button', { name: 'Take snapshot' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect(this.item(name)).toBeVisible();
  }

  /** Chooses one, and one of its actions. */
  async act(name: string, action: string): Promise<void> {
    await this.item(name).click();
    await this.chosen.getByRole('button', { name: action }).click();
  }
}
