import { errorCodes } from '../../../main/contract/error-codes.ts';

/** English of `errors`: what the contract says of each code, and what the window adds. */
export const errors = {
  codes: errorCodes,
  /** What the bridge itself says of the host process. */
  bridge: {
    noAnswer: 'The host process does not answer.',
    noChannel: 'The host process did not open a channel.',
    startedAnew: 'The host process was started anew and no longer knows this page.',
    openNewAddress: 'Open the address that it prints now.',
  },
} as const;
