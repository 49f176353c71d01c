/** The codes of error-codes.ts that are about the desktop's own terminal. */
export const terminalErrorCodes = {
  'terminal/no-command': {
    title: 'There is no skerry command to run in a terminal',
    hint: 'Use a terminal of the window, or run Skerry from its repository.',
  },
  'terminal/no-display': {
    title: 'The host process has no display',
    hint: 'Copy the command and run it in a terminal of that machine, or start Skerry from its desktop.',
  },
  'terminal/no-emulator': {
    title: 'No terminal emulator was found',
    hint: 'Name one in Settings > Terminals, install xterm, or copy the command and run it in any terminal.',
  },
  'terminal/failed': {
    title: 'The terminal emulator did not start',
    hint: 'Name another one in Settings > Terminals, or copy the command and run it in any terminal.',
  },
} as const;
