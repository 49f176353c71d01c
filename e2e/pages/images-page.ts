import type { Locator, Page } from '@playwright/test';

/** The images of the store, and the way to get more. */
export class ImagesPage {
  readonly reference: Locator;
  readonly table: Locator;
  readonly #form: Locator;

  constructor(page: Page) {
    this.#form = page.getByRole('form', { name: 'Pull an image' });
    this.reference = this.#form.getByRole('textbox', { name: 'Image reference' });
    this.table = page.getByRole('table', { name: 'Images' });
  }

  async pull(reference: string): Promise<void> {
    await this.reference.fill(reference);
    await this.#form.getByRole('button', { name: 'Pull' }).click();
  }
}
