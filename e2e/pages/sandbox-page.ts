import { expect, type Locator, type Page } from '@playwright/test';

/** The page of one sandbox, while it is made and afterwards. */
export class SandboxPage {
  readonly #page: Page;
  readonly #main: Locator;
  readonly name: string;

  constructor(page: Page, name: string) {
    this.#page = page;
    this.#main = page.getByRole('main');
    this.name = name;
  }

  get heading(): Locator {
    return this.#main.getByRole('heading', { level: 1 });
  }

  get stages(): Locator {
    return this.#main.getByRole('list', { name: 'Stages' }).getByRole('listitem');
  }

  get error(): Locator {
    return this.#main.getByRole('alert');
  }

  button(name: string): Locator {
    return this.#main.getByRole('button', { name, exact: true });
  }

  async expectState(state: string): Promise<void> {
    await expect(this.#main.getByText(state, { exact: true }).first()).toBeVisible();
  }

  /** Chooses from the menu behind More. */
  async choose(entry: string): Promise<void> {
    await this.button('More').click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }

  /** Removes it through the menu and its question. */
  async remove(): Promise<void> {
    await this.button('More').click();
    await this.#page.getByRole('menuitem', { name: /^Remove/ }).click();
    const dialog = this.#page.getByRole('alertdialog');
    await expect(dialog).toContainText(`Remove ${this.name}?`);
    await expect(dialog).toContainText('Goes: its disk of 8 GiB');
    await expect(dialog).toContainText('Stays: the image');
    await dialog.getByRole('button', { name: 'Remove' }).click();
  }
}
