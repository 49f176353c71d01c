/** English of `settings`. */
export const settings = {
  title: 'Settings',
  backToDefault: 'Back to the default',
  backToDefaultOf: 'Back to the default: {{group}}',
  appearance: {
    title: 'Appearance',
    theme: 'Theme',
    themeHelp: 'Of the window; terminals have palettes of their own.',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
    language: 'Language',
    languageHelp: 'What the host process answers, such as errors, is in English.',
    languageOfSystem: 'As the system',
  },
  terminals: {
    title: 'Terminals',
    readAloud: 'Terminal text for screen readers',
    readAloudHelp: 'Writes out what is on the screen; costs some speed where much is printed.',
  },
  window: {
    title: 'Window',
    whenClosed: 'When the window closes',
    whenClosedHelp:
      'Sandboxes go on running in either case. In the tray, Skerry also tells of what ends.',
    quit: 'Quit Skerry',
    tray: 'Go on in the tray',
  },
  notifications: {
    title: 'Notifications',
    notifiesOfOperations: 'Work that has ended',
    notifiesOfOperationsHelp:
      'A pull, a build, a start: what came of it, while this window was not looked at.',
    notifiesOfCrashes: 'Sandboxes that crash',
    notifiesOfCrashesHelp: 'A sandbox ended without being asked to.',
    willAsk: 'The browser asks once whether it may show notifications.',
    denied:
      'The browser refuses notifications of this address. The site settings, beside the address, allow them.',
    absent: 'This browser has no notifications.',
  },
  keyboard: {
    title: 'Keyboard',
    singleKeys: 'Commands by single keys',
    singleKeysHelp: 'Such as ? for the shortcuts and G S for the sandboxes, outside of fields.',
    show: 'Show all shortcuts',
  },
  about: {
    title: 'About',
    version: 'Skerry',
    licence: 'Licence',
    stateFolder: 'State directory',
    platform: 'Machine',
    copyVersion: 'version',
    copyStateFolder: 'state directory',
    host: 'Checks of this machine',
    diagnostics: 'Diagnostics…',
  },
} as const;
