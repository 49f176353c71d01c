import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/memory-window.ts';
import { HomePage } from '../pages/home-page.ts';

/** The oldest is first in the list: from box-199 down to box-000. */
const count = 200;

test('the list draws what is in sight, and says how much there is', async ({ app, page }) => {
  const home = new HomePage(page);
  await expect(home.box('box-199')).toBeVisible();
  expect(await home.table.getByRole('row').count()).toBeLessThan(60);
  await expect(home.table).toHaveAttribute('aria-rowcount', String(count + 1));
  await expect(home.row('box-199')).toHaveAttribute('aria-rowindex', '2');
  await expect(home.row('box-190')).toHaveAttribute('aria-rowindex', '11');

  await home.filter.fill('box-10');
  await expect.poll(() => home.names()).toHaveLength(10);
  await expect(home.table).toHaveAttribute('aria-rowcount', '11');
  await home.filter.fill('');
  await home.order('Name').click();
  await expect(home.row('box-000')).toHaveAttribute('aria-rowindex', '2');
  const { violations } = await new AxeBuilder({ page: app.page }).analyze();
  expect(violations).toEqual([]);
});

test('the keyboard goes through all of the list, and what is selected stays', async ({ app }) => {
  const { page } = app;
  const home = new HomePage(page);
  const { keyboard } = page;
  await home.box('box-199').focus();
  await keyboard.press('Space');
  await keyboard.press('Shift+ArrowDown');
  await expect(home.box('box-198')).toBeFocused();
  await expect(home.bulk.getByRole('status')).toHaveText('2 selected');
  await keyboard.press('End');
  await expect(home.box('box-000')).toBeFocused();
  await expect(home.box('box-000')).toBeInViewport();
  await expect(home.row('box-000')).toHaveAttribute('aria-rowindex', String(count + 1));
  await keyboard.press('ArrowUp');
  await expect(home.box('box-001')).toBeFocused();
  await keyboard.press('PageUp');
  await expect(home.box('box-001')).not.toBeFocused();
  await keyboard.press('Shift+Home');
  await expect(home.box('box-199')).toBeFocused();
  await expect(home.bulk.getByRole('status')).toHaveText('2 selected');
  await keyboard.press('Escape');
  await expect(home.bulk).toHaveCount(0);
});

test('the focus stays in a row that is scrolled out of sight', async ({ app, page }) => {
  const home = new HomePage(page);
  await home.box('box-190').focus();
  await app.main.evaluate((main) => {
    main.scrollTop = main.scrollHeight;
  });
  await expect(home.box('box-000')).toBeInViewport();
  await expect(home.box('box-190')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(home.box('box-189')).toBeFocused();
  await expect(home.box('box-189')).toBeInViewport();
  // Below the bar that stays.
  await page.keyboard.press('ArrowUp');
  await expect(home.box('box-190')).toBeFocused();
  const bar = await home.filter.boundingBox();
  const box = await home.box('box-190').boundingBox();
  expect(box?.y).toBeGreaterThan((bar?.y ?? 0) + (bar?.height ?? 0));
});

test('the sandboxes at the side are one stop of the Tab key, and arrows lead on', async ({
  app,
  page,
}) => {
  const list = app.sidebar.getByRole('list', { name: 'Sandboxes' });
  const link = (name: string) => list.getByRole('link', { name });
  const { keyboard } = page;
  await expect(link('box-199')).toBeVisible();
  expect(await list.getByRole('listitem').count()).toBeLessThan(60);
  const last = list.getByRole('listitem').filter({ hasText: 'box-000' });

  await app.sidebar.getByRole('link', { name: 'Sandboxes', exact: true }).focus();
  await keyboard.press('Tab');
  await expect(link('box-199')).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(link('box-198')).toBeFocused();
  await keyboard.press('End');
  await expect(link('box-000')).toBeFocused();
  await expect(link('box-000')).toBeInViewport();
  await expect(last).toHaveAttribute('aria-posinset', String(count));
  await expect(last).toHaveAttribute('aria-setsize', String(count));
  await keyboard.press('Tab');
  await expect(app.sidebar.getByRole('link', { name: 'Images' })).toBeFocused();
  await keyboard.press('Shift+Tab');
  await expect(link('box-000')).toBeFocused();
  await keyboard.press('ArrowUp');
  await keyboard.press('Enter');
  await expect(app.main.getByRole('heading', { name: 'box-001', level: 1 })).toBeVisible();
  await expect(link('box-001')).toHaveAttribute('aria-current', 'page');
  await expect(link('box-001')).toBeFocused();

  // Whose page is open is in sight, and there the Tab key begins.
  await page.reload();
  await expect(link('box-001')).toBeInViewport();
  await app.sidebar.getByRole('link', { name: 'Images' }).focus();
  await keyboard.press('Shift+Tab');
  await expect(link('box-001')).toBeFocused();
});
