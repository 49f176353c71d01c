import type { Locator, Page } from '@playwright/test';

/** The network of one sandbox: its log, its ports, its rules, and the question to it. */
export class NetworkPage {
  readonly #page: Page;
  readonly #main: Locator;
  readonly decisions: Locator;
  readonly rules: Locator;
  readonly ports: Locator;
  readonly listeners: Locator;
  readonly portForm: Locator;
  readonly question: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#main = page.getByRole('main');
    this.decisions = this.#rows('Decisions');
    this.rules = this.#rows('Rules in order');
    this.ports = this.#rows('Published ports');
    this.listeners = this.#rows('Listening in the sandbox');
    this.portForm = this.#main.getByRole('form', { name: 'Publish a port' });
    this.question = this.#main.getByRole('region', { name: 'What would happen' });
  }

  #rows(name: string): Locator {
    return this.#main.getByRole('list', { name }).getByRole('listitem');
  }

  async open(): Promise<void> {
    await this.#main.getByRole('link', { name: 'Network', exact: true }).click();
    await this.state.waitFor();
  }

  /** Its link, its policy and what has passed. */
  get state(): Locator {
    return this.#main.getByRole('region', { name: 'State of the network' });
  }

  policy(name: string): Locator {
    return this.state.getByRole('button', { name, exact: true });
  }

  /** Turns the verdict of an entry around. */
  async decide(button: string, until: 'until it stops' | 'for good'): Promise<void> {
    await this.decisions.getByRole('button', { name: button, exact: true }).first().click();
    await this.#page.getByRole('menuitem', { name: until }).click();
  }

  async publish(port: string): Promise<void> {
    await this.portForm.getByRole('textbox', { name: 'Port' }).fill(port);
    await this.portForm.getByRole('button', { name: 'Publish' }).click();
  }

  async ask(destination: string): Promise<void> {
    await this.question.getByRole('textbox', { name: 'Destination' }).fill(destination);
  }
}
