import type { Locator, Page } from '@playwright/test';

/** The form of a new sandbox. */
export class CreatePage {
  readonly form: Locator;
  readonly image: Locator;
  readonly name: Locator;
  readonly cpus: Locator;
  readonly memory: Locator;
  readonly summary: Locator;

  constructor(page: Page) {
    this.form = page.getByRole('form', { name: 'New sandbox' });
    this.image = this.form.getByRole('combobox', { name: 'Image' });
    this.name = this.form.getByRole('textbox', { name: 'Name', exact: true });
    this.cpus = this.form.getByRole('textbox', { name: 'CPUs' });
    this.memory = this.form.getByRole('textbox', { name: 'Memory' });
    this.summary = this.form.getByRole('region', { name: 'Summary' });
  }

  /** A part of the form that folds. */
  section(name: string): Locator {
    return this.form.locator('.create-fields > details.form-section').filter({
      has: this.form.page().locator(':scope > summary', { hasText: new RegExp(`^${name}`) }),
    });
  }

  async open(name: string): Promise<void> {
    await this.section(name).locator('> summary').click();
  }

  /** Unfolds every part, with one entry in each that has entries. */
  async openEverything(): Promise<void> {
    const parts = ['Volumes', 'Environment', 'Scripts', 'Patches', 'Network', 'Advanced'];
    for (const name of parts) await this.open(name);
    for (const what of ['volume', 'variable', 'script', 'patch', 'port', 'label']) {
      await this.form.getByRole('button', { name: `Add ${what}`, exact: true }).click();
    }
  }

  async add(what: string): Promise<void> {
    await this.form.getByRole('button', { name: `Add ${what}`, exact: true }).click();
  }

  field(name: string): Locator {
    return this.form.getByLabel(name, { exact: true });
  }

  async submit(): Promise<void> {
    await this.form.getByRole('button', { name: 'Create' }).click();
  }

  /** Opens the command line or the YAML in the summary. */
  async show(name: 'Command line' | 'YAML'): Promise<void> {
    await this.summary.getByText(name, { exact: true }).click();
  }
}
