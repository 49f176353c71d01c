import type { Locator, Page } from '@playwright/test';

/** Registries, and the form of one. */
export class RegistriesPage {
  readonly #page: Page;
  readonly table: Locator;
  readonly name: Locator;
  readonly user: Locator;
  readonly password: Locator;
  readonly repository: Locator;
  readonly insecure: Locator;
  readonly consent: Locator;

  constructor(page: Page) {
    this.#page = page;
    const main = page.getByRole('main');
    this.table = main.getByRole('table', { name: 'Registries' });
    this.name = main.getByRole('textbox', { name: 'Registry', exact: true });
    this.user = main.getByRole('textbox', { name: 'User', exact: true });
    this.password = main.getByLabel('Password', { exact: true });
    this.repository = main.getByRole('textbox', { name: 'Repository to test' });
    this.insecure = main.getByRole('checkbox', { name: /^Insecure/ });
    this.consent = main.getByRole('checkbox', { name: /^Write it to that file/ });
  }

  /** The form of a new registry, or of one that is there. */
  form(title: string): Locator {
    return this.#page.getByRole('form', { name: title, exact: true });
  }

  async add(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add registry' }).click();
  }

  row(name: string): Locator {
    return this.table
      .getByRole('row')
      .filter({ has: this.#page.getByRole('button', { name: `Edit ${name}`, exact: true }) });
  }

  /** The steps of a test, each with its result in words. */
  steps(name: string): Locator {
    return this.#page.getByRole('list', { name: `Test of ${name}` }).getByRole('listitem');
  }

  /** Chooses from the menu of a registry and confirms. */
  async take(name: string, entry: 'Log out' | 'Remove'): Promise<void> {
    await this.table.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
    await this.#page.getByRole('menuitem', { name: `${entry}…` }).click();
    await this.#page.getByRole('alertdialog').getByRole('button', { name: entry }).click();
  }
}
