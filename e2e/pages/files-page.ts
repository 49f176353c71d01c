import { expect, type Locator, type Page } from '@playwright/test';

/** The files of one sandbox: the tree, a directory, or a file that is open. */
export class FilesPage {
  readonly #page: Page;
  readonly #main: Locator;
  readonly tree: Locator;
  readonly list: Locator;
  /** The text that is open. */
  readonly editor: Locator;
  readonly transfers: Locator;
  readonly changes: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#main = page.getByRole('main');
    this.tree = this.#main.getByRole('tree', { name: 'Directories' });
    this.list = this.#main.getByRole('grid');
    this.editor = this.#main.getByRole('textbox', { name: /^Text of / });
    this.transfers = this.#main
      .getByRole('list', { name: 'Uploads and downloads' })
      .getByRole('listitem');
    this.changes = this.#main.getByRole('list', { name: 'Changed files' }).getByRole('listitem');
  }

  get error(): Locator {
    return this.#main.getByRole('alert');
  }

  /** Said once the sandbox has the text; while it is on its way, something else is. */
  get saved(): Locator {
    return this.#main.getByRole('status').getByText('Saved', { exact: true });
  }

  button(name: string): Locator {
    return this.#main.getByRole('button', { name, exact: true });
  }

  async open(): Promise<void> {
    const sections = this.#main.getByRole('navigation', { name: /^Sections of / });
    await sections.getByRole('link', { name: 'Files', exact: true }).click();
    await expect(this.list).toBeVisible();
  }

  /** Goes to a path as it is typed. */
  async goTo(path: string): Promise<void> {
    await this.#page.keyboard.press('Control+l');
    const field = this.#main.getByRole('textbox', { name: 'Path' });
    await field.fill(path);
    await field.press('Enter');
  }

  /** The row of a name, whatever else it says. */
  row(name: string): Locator {
    return this.list.getByRole('row').filter({ has: this.#page.getByText(name, { exact: true }) });
  }

  /** A directory of the tree. */
  treeItem(name: string): Locator {
    return this.tree.getByRole('treeitem', { name: new RegExp(`^${name}`) });
  }

  /** Chooses from what can be done with what is selected. */
  async choose(entry: string): Promise<void> {
    await this.button('More actions').click();
    await this.#page.getByRole('menuitem', { name: entry }).click();
  }

  dialog(title: string | RegExp): Locator {
    return this.#page.getByRole('dialog', { name: title });
  }

  /** Gives files, or one folder, to the chooser behind Upload. */
  async upload(what: 'files' | 'folder', paths: string | string[]): Promise<void> {
    await this.button('Upload').click();
    const chooser = this.#page.waitForEvent('filechooser');
    await this.#page.getByRole('menuitem', { name: `Upload ${what}…` }).click();
    await (await chooser).setFiles(paths);
  }

  /** Saves what is selected by the browser's own download. */
  async download(): Promise<string> {
    const download = this.#page.waitForEvent('download');
    await this.button('Download').click();
    return (await download).path();
  }

  async showChanges(): Promise<void> {
    await this.button('Changed').click();
  }
}
