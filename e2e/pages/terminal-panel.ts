import { expect, type Locator, type Page } from '@playwright/test';

/** The terminals at the bottom of the window. */
export class TerminalPanel {
  readonly #page: Page;
  readonly region: Locator;
  /** The terminal of the tab that is selected; the others are hidden, and so have no role. */
  readonly #shown: Locator;
  /** Where the keyboard goes. */
  readonly input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Terminals' });
    this.#shown = this.region.getByRole('tabpanel');
    this.input = this.#shown.getByRole('textbox', { name: 'Terminal input' });
  }

  /** The lines that the DOM renderer shows; tests that read them switch WebGL off. */
  get screen(): Locator {
    return this.#shown.locator('.xterm-rows');
  }

  /** Waits for the shell's prompt, with the keyboard in the terminal. */
  async expectPrompt(): Promise<void> {
    await expect(this.input).toBeFocused();
    await expect(this.screen).toContainText(/[#$] /);
  }

  /** Types a line and presses Enter. */
  async run(line: string): Promise<void> {
    await this.input.focus();
    await this.#page.keyboard.type(line);
    await this.#page.keyboard.press('Enter');
  }

  /** Waits until the screen shows this. */
  async expectText(text: string | RegExp): Promise<void> {
    await expect(this.screen).toContainText(text);
  }

  tab(name: string): Locator {
    return this.region.getByRole('tab', { name });
  }
}
