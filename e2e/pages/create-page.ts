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
    this.name = this.form.getByRole('textbox', { name: 'Name' });
    this.cpus = this.form.getByRole('textbox', { name: 'CPUs' });
    this.memory = this.form.getByRole('textbox', { name: 'Memory' });
    this.summary = this.form.getByRole('region', { name: 'Summary' });
  }

  async submit(): Promise<void> {
    await this.form.getByRole('button', { name: 'Create' }).click();
  }

  /** Opens the command line or the YAML in the summary. */
  async show(name: 'Command line' | 'YAML'): Promise<void> {
    await this.summary.getByText(name, { exact: true }).click();
  }
}
