import type { Locator } from '@playwright/test';
import { inlinePicture, sixelPicture, type Colour } from '../fixtures/pictures.ts';
import { expect, test } from '../fixtures/test.ts';

const red: Colour = [255, 0, 0];
const green: Colour = [0, 255, 0];

/** How many pixels of a terminal's pictures have this colour. */
async function countPixels(terminal: Locator, colour: Colour): Promise<number> {
  const layer = terminal.locator('canvas.xterm-image-layer');
  if ((await layer.count()) === 0) return 0;
  return layer.evaluate((canvas, [r, g, b]) => {
    if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    let count = 0;
    for (let at = 0; pixels !== undefined && at < pixels.length; at += 4) {
      const isSame = pixels[at] === r && pixels[at + 1] === g && pixels[at + 2] === b;
      if (isSame && pixels[at + 3] === 255) count += 1;
    }
    return count;
  }, colour);
}

test('a program draws pictures in its terminal: sixels, and images of iTerm2', async ({ app }) => {
  const { terminals } = app;
  await app.createStarter('pictures');
  const draw = async (name: string, picture: string): Promise<void> => {
    const encoded = Buffer.from(picture).toString('base64');
    await terminals.run(`echo ${encoded} | base64 -d; echo; echo "${name} is"" drawn"`);
    await terminals.expectText(`${name} is drawn`);
  };
  await draw('sixel', sixelPicture(red, 60));
  await expect.poll(() => countPixels(terminals.focused, red)).toBeGreaterThanOrEqual(60 * 6);
  await draw('image', inlinePicture(green, 30));
  await expect.poll(() => countPixels(terminals.focused, green)).toBeGreaterThanOrEqual(30 * 30);
});
