/** What a page of Skerry may do: run its own scripts, and speak to the host it came from. */

/** Headers of every answer. `host` is the `Host` of the request, checked before. */
export function securityHeaders(host: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    // Pictures in a terminal (sixel) are decoded by WebAssembly; no text becomes a script by it.
    "script-src 'self' 'wasm-unsafe-eval'",
    // xterm.js sets the style of its cells by style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Older browsers do not count WebSockets to the same host as 'self'.
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'camera=(), microphone=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=(), ' +
      'payment=(), clipboard-read=(self), clipboard-write=(self)',
    'x-frame-options': 'DENY',
  };
}
