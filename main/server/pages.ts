/** The few pages that the host process writes itself. They hold no script and nothing secret. */

function page(title: string, lines: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title} · Skerry</title>
<style>body { font: 14px/1.6 system-ui, sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em } h1 { font-size: 18px }</style>
<h1>${title}</h1>
${lines.map((line) => `<p>${line}</p>`).join('\n')}
</html>
`;
}

/** Shown instead of anything that was refused; `reason` is one of ours and needs no escaping. */
export function refusalPage(reason: string): string {
  return page('Not allowed', [
    reason,
    'Open the address that <code>skerry serve</code> printed; it ends in a token.',
  ]);
}

/** Shown where the checkout has no built renderer. */
export function notBuiltPage(): string {
  return page('The window is not built', [
    'Run <code>npm start</code> in the checkout, which builds it, then reload this page.',
  ]);
}

/** Shown for a path that leads nowhere. */
export function notFoundPage(): string {
  return page('Nothing here', ['Skerry has no such page. <a href="/">Go to the start</a>.']);
}
