import { createHash } from 'node:crypto';
import { expect, test } from '../fixtures/test.ts';

/** A text of characters of one to four bytes, and what makes the same in a shell. */
function aText(lineCount: number): { readonly text: string; readonly script: string } {
  const lines = Array.from(
    { length: lineCount },
    (_, index) => `${String(index + 1)} äöü €uro 日本語 🐚 ${String((index + 1) * 7919)}`,
  );
  return {
    text: `${lines.join('\n')}\n`,
    script: `seq 1 ${String(lineCount)} | awk '{ print $1 " äöü €uro 日本語 🐚 " $1 * 7919 }'`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test.describe('the bytes of a terminal', () => {
  test('reach the screen as they were written, however they are cut', async ({ app }) => {
    const { terminals } = app;
    const { text, script } = aText(1_500);
    await app.createStarter('exact');
    await terminals.run(`${script} > /tmp/text; sha256sum /tmp/text`);
    await terminals.expectText(sha256(text));
    // Seven bytes at a time cut most of the characters.
    await terminals.run('clear; dd if=/tmp/text bs=7 2>/dev/null; echo "all of"" it"');
    await terminals.expectText('all of it');
    const copied = await terminals.copyAll();
    const begin = copied.lastIndexOf('\n1 äöü') + 1;
    const shown = copied.slice(begin, copied.lastIndexOf('all of it'));
    expect(sha256(shown)).toBe(sha256(text));
  });

  test('of a paste of 1 MiB arrive whole', async ({ app }) => {
    const { terminals, page } = app;
    const lineCount = 25_000;
    const { text } = aText(lineCount);
    expect(Buffer.byteLength(text)).toBeGreaterThan(1024 * 1024);
    await app.createStarter('pasted');
    await terminals.run('cat > /tmp/pasted');
    await terminals.expectText('cat > /tmp/pasted');
    await terminals.paste(text);
    await terminals.expectText(String(lineCount * 7919));
    await page.keyboard.press('Control+d');
    await terminals.run('clear; sha256sum /tmp/pasted');
    await terminals.expectText(sha256(text));
  });

  test('are at the place that the guest counts, for emoji and for wide characters', async ({
    app,
  }) => {
    const { terminals } = app;
    await app.createStarter('widths');
    // Writes a text at the start of a line and reads where the terminal says that the cursor is. The
    // shell asks that too for its prompt: what it is told late comes before the answer to a status
    // report (DSR 5), which is waited for first.
    const probe = String.raw`till() { said=; c=; until [ "$c" = $1 ]; do c=$(dd bs=1 count=1 2>/dev/null); said=$said$c; done; }; at() { stty -icanon -echo min 1 time 0; printf '\033[5n'; till n; printf '\r%s\033[6n' "$1"; till R; stty sane; printf '\r\n%s at %s\n' "$2" "$(printf %s "$said" | tr -dc '0-9;' | cut -d ';' -f 2)"; }`;
    await terminals.run(probe);
    for (const [name, characters, column] of [
      ['latin', 'abc', 4],
      ['accents', 'äé', 3],
      ['cjk', '日本語', 7],
      ['shell', '🐚🐚', 5],
    ] as const) {
      await terminals.run(`at '${characters}' ${name}`);
      await terminals.expectText(`${name} at ${String(column)}`);
    }
  });

  test('are for the size that the screen has, also after 200 changes of it', async ({ app }) => {
    const { terminals, page } = app;
    await app.createStarter('resized');
    for (let change = 0; change < 200; change += 1) {
      await page.setViewportSize({
        width: 900 + ((change * 37) % 380),
        height: 600 + (change % 190),
      });
    }
    await page.setViewportSize({ width: 1100, height: 760 });
    // The screen is filled, so that its size can be counted; the guest says what it was told.
    const fill = `clear; stty size > /tmp/size; head -c 60000 /dev/zero | tr '\\0' x; read -r line`;
    await expect(async () => {
      await terminals.run(fill);
      await expect(terminals.screen.locator('> div').first()).toContainText(/^x+$/);
      const drawn = await terminals.drawnSize();
      await page.keyboard.press('Enter');
      await terminals.run('clear; echo "size $(cat /tmp/size) end"');
      await expect(terminals.screen).toContainText(`size ${drawn} end`, { timeout: 5_000 });
    }).toPass();
  });

  test('of a flood leave the window free, and end with Ctrl+C', async ({ app }) => {
    const { terminals, page } = app;
    await app.createStarter('floods');
    await terminals.run('yes flooding');
    await terminals.expectText('flooding');
    // The window goes on: another page, and another terminal beside the flood.
    await app.goTo('Images');
    await terminals.split('right');
    await terminals.run('echo "beside the flood"');
    await terminals.expectText('beside the flood');
    await expect(terminals.screenOf(0)).toContainText('flooding');
    await page.keyboard.press('Alt+Shift+ArrowLeft');
    await page.keyboard.press('Control+c');
    await terminals.run('clear; echo "after the flood"');
    await terminals.expectText('after the flood');
  });
});
