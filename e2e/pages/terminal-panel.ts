import { expect, type Locator, type Page } from '@playwright/test';

/** The terminals at the bottom of the window. */
export class TerminalPanel {
  readonly #page: Page;
  readonly region: Locator;
  /** The terminals of the tab that is selected; the others are hidden, and so have no role. */
  readonly panes: Locator;
  /** The one of them that has the keyboard, or would have it. */
  readonly focused: Locator;
  /** Where the keyboard goes. */
  readonly input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.region = page.getByRole('region', { name: 'Terminals', exact: true });
    this.panes = this.region.getByRole('tabpanel').getByRole('group');
    this.focused = this.region.getByRole('tabpanel').locator('[data-focused]');
    this.input = this.focused.getByRole('textbox', { name: 'Terminal input' });
  }

  /** The lines that the DOM renderer shows; tests that read them switch WebGL off. */
  get screen(): Locator {
    return this.focused.locator('.xterm-rows');
  }

  /** The lines of one of the terminals of the tab, from the left to the right. */
  screenOf(index: number): Locator {
    return this.panes.nth(index).locator('.xterm-rows');
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

  button(name: string): Locator {
    return this.region.getByRole('button', { name, exact: true });
  }

  /** Opens a new terminal in a sandbox. */
  async open(sandbox: string): Promise<void> {
    await this.#openMenu();
    const group = this.#page.getByRole('group', { name: 'New terminal in' });
    await group.getByRole('menuitem', { name: sandbox }).click();
  }

  /** Opens the one terminal of a sandbox that another window shows. */
  async openRunning(sandbox: string): Promise<void> {
    await this.#openMenu();
    const running = this.#page.getByRole('group', { name: 'Running terminals' });
    await running.getByRole('menuitem', { name: sandbox }).click();
  }

  async #openMenu(): Promise<void> {
    if (!(await this.region.isVisible())) await this.#page.keyboard.press('Control+`');
    await this.button('New terminal').click();
  }

  /** Divides the terminal that has the keyboard; the new one gets it. */
  async split(direction: 'right' | 'down'): Promise<void> {
    const before = await this.panes.count();
    await this.button(`Split ${direction}`).click();
    await expect(this.panes).toHaveCount(before + 1);
    await this.expectPrompt();
  }

  /** Rows and columns of the screen as it is drawn; the lines of the screen have to be full. */
  async drawnSize(): Promise<string> {
    const rows = this.screen.locator('> div');
    const columns = ((await rows.first().textContent()) ?? '').length;
    return `${String(await rows.count())} ${String(columns)}`;
  }

  /** Everything of the terminal, its scrollback too, as one would copy it. */
  async copyAll(): Promise<string> {
    await this.focused.locator('.xterm-screen').click({ button: 'right' });
    await this.#page.getByRole('menuitem', { name: 'Select all' }).click();
    await this.input.focus();
    await this.#page.keyboard.press('Control+Shift+C');
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  /** Copies what the last command wrote, by the menu of the terminal. */
  async copyLastOutput(): Promise<void> {
    await this.focused.locator('.xterm-screen').click({ button: 'right' });
    await this.#page.getByRole('menuitem', { name: 'Copy output of the last command' }).click();
    await expect(
      this.focused.getByText('The output of the last command was copied.'),
    ).toBeVisible();
    await this.focused.getByRole('button', { name: 'Dismiss' }).click();
  }

  /** Pastes a text with the keys, and agrees where it has several lines. */
  async paste(text: string): Promise<void> {
    await this.#page.evaluate((value) => navigator.clipboard.writeText(value), text);
    await this.input.focus();
    await this.#page.keyboard.press('Control+Shift+V');
    if (!text.includes('\n')) return;
    await this.#page.getByRole('alertdialog').getByRole('button', { name: 'Paste' }).click();
  }
}
