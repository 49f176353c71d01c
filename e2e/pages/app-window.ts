import type { Locator, Page } from '@playwright/test';
import { CreatePage } from './create-page.ts';
import { FilesPage } from './files-page.ts';
import { ImagesPage } from './images-page.ts';
import { RegistriesPage } from './registries-page.ts';
import { NetworkPage } from './network-page.ts';
import { SandboxPage } from './sandbox-page.ts';
import { SnapshotsPage } from './snapshots-page.ts';
import { TerminalPanel } from './terminal-panel.ts';

/** The window: its sidebar, its pages, its terminals. */
export class AppWindow {
  readonly page: Page;
  readonly sidebar: Locator;
  readonly terminals: TerminalPanel;
  readonly create: CreatePage;
  readonly images: ImagesPage;
  readonly registries: RegistriesPage;

  constructor(page: Page) {
    this.page = page;
    this.sidebar = page.getByRole('navigation', { name: 'Main' });
    this.terminals = new TerminalPanel(page);
    this.create = new CreatePage(page);
    this.images = new ImagesPage(page);
    this.registries = new RegistriesPage(page);
  }

  get main(): Locator {
    return this.page.getByRole('main');
  }

  async goTo(
    name:
      | 'New sandbox'
      | 'Sandboxes'
      | 'Images'
      | 'Registries'
      | 'Volumes'
      | 'Host'
      | 'Tasks'
      | 'Settings',
  ): Promise<void> {
    await this.sidebar.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    await this.main.getByRole('heading', { name, level: 1 }).waitFor();
  }

  /** Commands, by Ctrl+K. */
  get palette(): Locator {
    return this.page.getByRole('dialog', { name: 'Commands' });
  }

  /** Runs the first command that fits, by keyboard alone. */
  async command(query: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await this.palette.getByRole('combobox').fill(query);
    await this.page.keyboard.press('Enter');
    await this.palette.waitFor({ state: 'detached' });
  }

  /** Where the window points to what happened elsewhere. */
  get notices(): Locator {
    return this.page.getByRole('region', { name: 'Notices' });
  }

  /** The network of a sandbox whose page is open. */
  get network(): NetworkPage {
    return new NetworkPage(this.page);
  }

  /** The files of a sandbox whose page is open. */
  get files(): FilesPage {
    return new FilesPage(this.page);
  }

  /** The snapshots of a sandbox whose page is open. */
  get snapshots(): SnapshotsPage {
    return new SnapshotsPage(this.page);
  }

  /** A task by its title, on the page of tasks or of what it works on. */
  task(title: string): Locator {
    return this.main.getByRole('article', { name: title, exact: true });
  }

  sandbox(name: string): SandboxPage {
    return new SandboxPage(this.page, name);
  }

  /** Creates a sandbox of the starter image by the form and waits for its prompt. */
  async createStarter(name: string): Promise<void> {
    await this.goTo('New sandbox');
    await this.create.name.fill(name);
    await this.create.submit();
    await this.terminals.expectPrompt();
  }
}
