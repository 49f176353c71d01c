import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { getI18n, Trans } from 'react-i18next';
import { afterEach, describe, expect, it } from 'vitest';
import { speak } from './language.ts';

afterEach(() => speak('en'));

/** How a sentence with elements in it comes to the page. */
function draw(i18nKey: string, values: object, components: Record<string, object> = {}): string {
  const t = getI18n().getFixedT(null, 'images');
  return renderToStaticMarkup(createElement(Trans, { t, i18nKey, values, components } as object));
}

describe('elements in a sentence', () => {
  const names = createElement('code', null, '<b>web</b>');

  it('stand where each language has them, with what is in them', async () => {
    expect(draw('dialogs.remove.rootOf', {}, { names })).toBe(
      'It is the root of <code>&lt;b&gt;web&lt;/b&gt;</code>.',
    );
    await speak('de');
    expect(draw('dialogs.remove.rootOf', {}, { names })).toBe(
      'Es ist das Wurzelverzeichnis von <code>&lt;b&gt;web&lt;/b&gt;</code>.',
    );
  });

  it('are not made of a value, whatever is in it', () => {
    const size = '<strong>1</strong> <names/> $t(title)';
    const drawn = draw('dialogs.prune.staysUsed', { size }, { names });
    expect(drawn).toContain('<strong>Frees:</strong> &lt;strong&gt;1&lt;/strong&gt;');
    expect(drawn).toContain('&lt;names/&gt; $t(title). <strong>Stays:</strong>');
    expect(drawn).not.toContain('<code>');
  });
});
