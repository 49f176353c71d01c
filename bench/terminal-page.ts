import type { Page } from '@playwright/test';

/** Opens a terminal of a sandbox and waits for its prompt. */
export async function openTerminal(page: Page, sandbox: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: sandbox })
    .waitFor();
  await page.keyboard.press('Control+`');
  await page.getByRole('button', { name: 'New terminal' }).click();
  await page.getByRole('menuitem', { name: sandbox }).first().click();
  await prompt(page);
}

/** Waits until the terminal that has the keyboard shows a prompt. */
export async function prompt(page: Page): Promise<void> {
  await page.locator('[data-focused] .xterm.focus .xterm-rows', { hasText: '#' }).waitFor();
}
