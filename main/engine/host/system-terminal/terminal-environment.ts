/** The environment that a terminal emulator is started in. */

/**
 * What an emulator needs to find its display, settings and words, and `skerry` its state. A list of
 * what passes and not of what does not: whoever started the host may have had secrets in any name.
 */
const passed: ReadonlySet<string> = new Set([
  ...['HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'TMPDIR', 'TZ'],
  ...['LANG', 'LANGUAGE', 'TERMINFO', 'TERMINFO_DIRS', 'XMODIFIERS'],
  ...['DISPLAY', 'XAUTHORITY', 'WAYLAND_DISPLAY', 'SSH_AUTH_SOCK'],
  ...['DBUS_SESSION_BUS_ADDRESS', 'DESKTOP_SESSION', 'SESSION_MANAGER', 'DRI_PRIME'],
  ...['SKERRY_HOME', 'SKERRY_CACHE', 'SKERRY_ACCEL'],
]);

const passedPrefixes = /^(?:LC_|XDG_|XCURSOR_|GDK_|GTK_|QT_|KDE_|GNOME_|__GLX_|__NV_)/;

/** Good for one window that was to be brought forward, and spent by the time. */
const spent: ReadonlySet<string> = new Set(['XDG_ACTIVATION_TOKEN']);

/** Those variables of `env` that an emulator is given. */
export function terminalEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(env).filter(
    ([name]) => (passed.has(name) || passedPrefixes.test(name)) && !spent.has(name),
  );
  return Object.fromEntries(entries);
}
