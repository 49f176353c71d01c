import type { Locator, Page } from '@playwright/test';

/** The commands of one sandbox: run, watched, run again. */
export class CommandsPage {
  readonly #main: Locator;
  readonly line: Locator;
  readonly runs: Locator;

  constructor(page: Page, name: string) {
    this.#main = page.getByRole('main');
    this.line = this.#main.getByRole('textbox', { name: `Run in the shell of ${name}` });
    this.runs = this.#main.getByRole('list', { name: 'Runs' }).getByRole('button');
  }

  async open(): Promise<void> {
    await this.#main.getByRole('link', { name: 'Commands', exact: true }).click();
    await this.line.waitFor();
  }

  async run(line: string): Promise<void> {
    await this.line.fill(line);
    await this.line.press('Enter');
  }

  script(name: string): Locator {
    return this.#main.getByRole('button', { name: `Run the script ${name}` });
  }

  /** The run that is shown. */
  shown(line: string): Locator {
    return this.#main.getByRole('region', { name: `Run of ${line}`, exact: true });
  }

  /** What it printed. */
  output(line: string): Locator {
    return this.#main.getByLabel(`Output of ${line}`, { exact: true });
  }
}
