import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unpackTar } from 'modern-tar';
import { expectNoViolations } from '../fixtures/axe.ts';
import { expect, test } from '../fixtures/test.ts';
import type { HostProcess } from '../fixtures/host-process.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function guest(host: HostProcess, name: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await host.cli('exec', name, '--', 'sh', '-c', script);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

test('files of a sandbox are seen, edited, renamed and removed', async ({ app, host }) => {
  await app.createStarter('filed');
  const { files, terminals, page } = app;
  await terminals.run('mkdir /root/work; echo "first line" > /root/work/note.txt; echo made');
  await terminals.expectText('made');
  await files.open();

  await test.step('what a terminal made is there, with its mark', async () => {
    await files.treeItem('root').click();
    await files.row('work').dblclick();
    await expect(files.row('note.txt')).toContainText('added');
    await expect(files.row('note.txt')).toContainText('-rw-r--r--');
    await expect(page).toHaveURL(/path=%2Froot%2Fwork$/);
  });

  await test.step('a text is edited and saved, and the sandbox has it', async () => {
    await files.row('note.txt').dblclick();
    await expect(files.editor).toContainText('first line');
    await files.editor.press('Control+End');
    await page.keyboard.type('second line');
    await expect(files.button('Save')).toBeEnabled();
    await page.keyboard.press('Control+s');
    await expect(files.saved).toBeVisible();
    await terminals.run('clear; cat /root/work/note.txt');
    await terminals.expectText('second line');
  });

  await test.step('what is not saved survives the way through other pages', async () => {
    await files.editor.press('Control+End');
    await page.keyboard.type(' and more');
    await app.goTo('Host');
    await page.goBack();
    await expect(files.editor).toContainText('second line and more');
    await expect(files.button('Save')).toBeEnabled();
  });

  await test.step('a file that changed meanwhile is not written over unasked', async () => {
    await guest(host, 'filed', 'echo theirs > /root/work/note.txt');
    await files.button('Save').click();
    await expect(files.error).toContainText('file/changed');
    expect(await guest(host, 'filed', 'cat /root/work/note.txt')).toBe('theirs');
    await files.button('Save over it').click();
    await expect(files.error).toHaveCount(0);
    expect(await guest(host, 'filed', 'cat /root/work/note.txt')).toContain('line and more');
  });

  await test.step('a name is changed in place, and not over another one unasked', async () => {
    await guest(host, 'filed', 'echo other > /root/work/other.txt');
    await files.button('Close').click();
    await files.row('note.txt').click();
    await page.keyboard.press('F2');
    await page.keyboard.type('other');
    await page.keyboard.press('Enter');
    await expect(files.error).toContainText('file/exists');
    expect(await guest(host, 'filed', 'cat /root/work/other.txt')).toBe('other');
    await files.error.getByRole('button', { name: 'Replace it' }).click();
    await expect(files.row('note.txt')).toHaveCount(0);
    expect(await guest(host, 'filed', 'cat /root/work/other.txt')).toContain('line and more');
  });

  await test.step('permissions and owner are set', async () => {
    await files.row('other.txt').click();
    await files.choose('Permissions…');
    const dialog = files.dialog('Permissions of other.txt');
    await dialog.getByRole('checkbox', { name: 'Group: Write' }).check();
    await dialog.getByRole('checkbox', { name: 'Set user ID' }).check();
    await expect(dialog.getByRole('textbox', { name: 'Octal' })).toHaveValue('4664');
    await dialog.getByRole('textbox', { name: 'Owner' }).fill('7:8');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await expect(dialog).toHaveCount(0);
    const said = await guest(host, 'filed', 'stat -c "%a %u %g" /root/work/other.txt');
    expect(said).toBe('4664 7 8');
  });

  await test.step('a directory goes with what is in it only where that was said', async () => {
    await files.button('Up').click();
    await files.row('work').click();
    await page.keyboard.press('Delete');
    const dialog = files.dialog('Delete work?');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(files.error).toContainText('file/not-empty');
    await files.row('work').click();
    await page.keyboard.press('Delete');
    await dialog.getByRole('checkbox', { name: /everything in them/ }).check();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expect(files.row('work')).toHaveCount(0);
    expect(await guest(host, 'filed', 'test -e /root/work || echo gone')).toBe('gone');
  });

  await test.step('what differs from the image is listed', async () => {
    await guest(host, 'filed', 'echo changed >> /etc/passwd; echo new > /srv-new');
    await files.showChanges();
    await expect(files.changes.filter({ hasText: '/etc/passwd' })).toContainText('modified');
    await expect(files.changes.filter({ hasText: '/srv-new' })).toContainText('added');
    await files.changes.getByRole('link', { name: '/srv-new' }).click();
    await expect(files.editor).toContainText('new');
  });

  await test.step('without a running sandbox the page says so and starts it', async () => {
    await app.sandbox('filed').button('Stop').click();
    await expect(app.main).toContainText('The sandbox is not running');
    await app.main.getByRole('button', { name: 'Start' }).last().click();
    await expect(files.editor).toContainText('new');
  });
});

test('files cross between this machine and a sandbox exactly', async ({ app, host }) => {
  const home = await mkdtemp(path.join(tmpdir(), 'skerry-files-'));
  const folder = path.join(home, 'parcel');
  const deep = path.join(folder, ...Array.from({ length: 6 }, () => 'd'.repeat(40)));
  const contents: Record<string, Buffer> = {
    'a.bin': randomBytes(3_000_000),
    'größe.txt': Buffer.from('äöü\r\n'),
    [path.relative(folder, path.join(deep, 'leaf'))]: randomBytes(1_000),
  };
  try {
    await mkdir(deep, { recursive: true });
    for (const [name, bytes] of Object.entries(contents)) {
      await writeFile(path.join(folder, name), bytes);
    }
    await app.createStarter('crossed');
    const { files, page } = app;
    // Chromium's own dialog of saving cannot be answered by a test.
    await page.evaluate(() => {
      Reflect.deleteProperty(window, 'showSaveFilePicker');
    });
    await files.open();
    await files.goTo('/root');

    await test.step('a folder goes in, with names of any length', async () => {
      await files.upload('folder', folder);
      await expect(files.transfers.first()).toContainText('Uploaded parcel to /root');
      await expect(files.row('parcel')).toHaveAttribute('aria-selected', 'true');
      for (const [name, bytes] of Object.entries(contents)) {
        const said = await guest(host, 'crossed', `sha256sum < '/root/parcel/${name}'`);
        expect(said.split(' ')[0]).toBe(sha256(bytes));
      }
    });

    await test.step('it is a task too', async () => {
      await app.goTo('Tasks');
      await expect(app.main.getByRole('article').first()).toContainText('Upload');
      await page.goBack();
    });

    await test.step('a file comes out as it is', async () => {
      await guest(host, 'crossed', 'ln -s a.bin /root/parcel/link.bin');
      await files.row('parcel').dblclick();
      await files.row('a.bin').click();
      const saved = await readFile(await files.download());
      expect(sha256(saved)).toBe(sha256(contents['a.bin'] ?? Buffer.alloc(0)));
    });

    await test.step('a link comes out as the file that it leads to', async () => {
      await files.row('link.bin').click();
      const saved = await readFile(await files.download());
      expect(sha256(saved)).toBe(sha256(contents['a.bin'] ?? Buffer.alloc(0)));
      await guest(host, 'crossed', 'rm /root/parcel/link.bin');
    });

    await test.step('a folder comes out as a tar', async () => {
      await files.button('Up').click();
      await files.row('parcel').click();
      const entries = await unpackTar(await readFile(await files.download()));
      const saved = entries.flatMap(({ header, data }) =>
        data === undefined ? [] : [[header.name, sha256(data)]],
      );
      expect(Object.fromEntries(saved)).toEqual(
        Object.fromEntries(
          Object.entries(contents).map(([name, bytes]) => [`parcel/${name}`, sha256(bytes)]),
        ),
      );
    });

    await test.step('what is there already is asked about, and both are kept', async () => {
      const note = path.join(home, 'note.txt');
      await writeFile(note, 'one');
      await files.upload('files', note);
      await expect(files.row('note.txt')).toBeVisible();
      await writeFile(note, 'two');
      await files.upload('files', note);
      await files
        .dialog('note.txt is there already')
        .getByRole('button', { name: 'Keep both' })
        .click();
      await expect(files.row('note (2).txt')).toBeVisible();
      const said = await guest(host, 'crossed', 'cat /root/note.txt "/root/note (2).txt"');
      expect(said).toBe('onetwo');
    });

    await test.step('an upload is cancelled, and one that fails says why', async () => {
      const large = path.join(home, 'large');
      await writeFile(large, Buffer.alloc(400_000_000));
      await files.upload('files', large);
      await files.transfers
        .first()
        .getByRole('button', { name: /^Cancel/ })
        .click();
      await expect(files.transfers.first()).toContainText('cancelled');
      await guest(host, 'crossed', 'mkdir /root/ro && mount -t tmpfs -o ro none /root/ro');
      await files.goTo('/root/ro');
      await files.upload('files', path.join(home, 'note.txt'));
      await expect(files.error).toContainText('file/denied');
      await expect(files.error).toContainText('note.txt');
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`files in the ${colorScheme} window`, () => {
    test.use({ colorScheme });

    test('have nothing that axe finds, and everything by keyboard', async ({ app, host }) => {
      await app.createStarter('keyed');
      const { files, page } = app;
      const { keyboard } = page;
      await guest(host, 'keyed', 'mkdir -p /root/alpha/inner /root/beta; echo hi > /root/c.txt');
      await files.open();
      await expectNoViolations(app.page, 'the files');

      await test.step('the tree', async () => {
        await files.tree.focus();
        await keyboard.press('Home');
        await keyboard.type('root');
        await keyboard.press('ArrowRight');
        await expect(files.treeItem('alpha')).toBeVisible();
        await keyboard.press('Enter');
        await expect(files.row('c.txt')).toBeVisible();
      });

      await test.step('the list', async () => {
        await files.list.focus();
        await keyboard.press('Home');
        await keyboard.press('Shift+ArrowDown');
        await expect(app.main.getByRole('status').last()).toContainText('2 selected');
        await keyboard.press('Home');
        await keyboard.press('Enter');
        await expect(files.row('inner')).toBeVisible();
        await keyboard.press('Alt+ArrowUp');
        await expect(files.row('alpha')).toHaveAttribute('aria-selected', 'true');
        await expectNoViolations(app.page, 'the files');
      });

      await test.step('a text, and the way out of it', async () => {
        await files.list.focus();
        await keyboard.type('c.');
        await keyboard.press('Enter');
        await expect(files.editor).toBeFocused();
        await keyboard.type('oh ');
        await expectNoViolations(app.page, 'the files');
        await keyboard.press('Control+s');
        await expect(files.saved).toBeVisible();
        await keyboard.press('Escape');
        await keyboard.press('Tab');
        await expect(files.editor).not.toBeFocused();
        expect(await guest(host, 'keyed', 'cat /root/c.txt')).toBe('oh hi');
        await files.button('Close').press('Enter');
        await expect(files.list).toBeFocused();
      });

      await test.step('the dialogs', async () => {
        await keyboard.press('Delete');
        await expect(files.dialog('Delete c.txt?')).toBeVisible();
        await expectNoViolations(app.page, 'the files');
        await keyboard.press('Escape');
        await expect(files.list).toBeFocused();
        await files.choose('Permissions…');
        await expect(files.dialog('Permissions of c.txt')).toBeVisible();
        await expectNoViolations(app.page, 'the files');
        await keyboard.press('Escape');
        await files.showChanges();
        await expect(files.changes.filter({ hasText: '/root/c.txt' })).toBeVisible();
        await expectNoViolations(app.page, 'the files');
      });
    });
  });
}
