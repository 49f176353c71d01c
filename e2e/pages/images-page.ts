import type { Locator, Page } from '@playwright/test';

/** The images of the store, what can be done with them, and the ways to get more. */
export class ImagesPage {
  readonly #page: Page;
  readonly #form: Locator;
  readonly reference: Locator;
  readonly suggestions: Locator;
  readonly filter: Locator;
  readonly table: Locator;
  /** Where the bytes are, as a table. */
  readonly parts: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#form = page.getByRole('form', { name: 'Pull an image' });
    this.reference = this.#form.getByRole('combobox', { name: 'Image reference' });
    this.suggestions = page.getByRole('listbox', { name: 'Image reference' }).getByRole('option');
    this.filter = page.getByRole('textbox', { name: 'Filter images' });
    this.table = page.getByRole('table', { name: 'Images' });
    this.parts = page.getByRole('table', { name: 'Parts of the image store' });
  }

  async pull(reference: string): Promise<void> {
    await this.reference.fill(reference);
    await this.#form.getByRole('button', { name: 'Pull', exact: true }).click();
  }

  /** Pulls with a login that is kept nowhere. */
  async pullAs(username: string, password: string, reference: string): Promise<void> {
    await this.#form.getByText('Log in for this pull only').click();
    await this.#form.getByRole('textbox', { name: 'User', exact: true }).fill(username);
    await this.#form.getByLabel('Password', { exact: true }).fill(password);
    await this.pull(reference);
  }

  row(reference: string): Locator {
    const link = this.#page.getByRole('link', { name: reference, exact: true });
    return this.table.getByRole('row').filter({ has: link });
  }

  /** Chooses from the menu of an image. */
  async choose(reference: string, entry: string): Promise<void> {
    await this.table.getByRole('button', { name: `Actions for ${reference}`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }

  /** Presses a button of the whole store. */
  async press(name: 'Import…' | 'Build…' | 'Check' | 'Prune…'): Promise<void> {
    await this.#page.getByRole('main').getByRole('button', { name, exact: true }).click();
  }

  dialog(title: string): Locator {
    return this.#page.getByRole('dialog', { name: title });
  }
}
