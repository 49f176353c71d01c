/** The origin that the renderer has in the window, and the test for it. */

/** Scheme of the renderer's files; privileged, see app-protocol.ts. */
export const appScheme = 'app';

/** The one host of the scheme. */
export const appHost = 'skerry';

/** The renderer's origin as browsers serialize it (RFC 6454 section 6.2). */
export const appOrigin = `${appScheme}://${appHost}`;

/** The page that a window shows. */
export const appPageUrl = `${appOrigin}/`;

/** Whether a URL or an origin is the renderer's. Anything that cannot be parsed is not. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  // Node gives `null` as the origin of a scheme it does not know, so the parts are compared.
  const { protocol, hostname, port, username, password } = new URL(url);
  return (
    protocol === `${appScheme}:` &&
    hostname === appHost &&
    port === '' &&
    username === '' &&
    password === ''
  );
}
