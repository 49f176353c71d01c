import type { ErrorCode } from '../../../main/contract/error-codes.ts';
import type { errors as english } from '../en/errors.ts';
import type { Translated } from '../translated.ts';
import { fileErrors } from './errors-of-files.ts';
import { imageErrors } from './errors-of-images.ts';
import { machineErrors } from './errors-of-machines.ts';
import { snapshotErrors } from './errors-of-snapshots.ts';

/** A code of the contract with its title and hint. */
export type ErrorWords = Readonly<Record<'title' | 'hint', string>>;

const codes = {
  ...fileErrors,
  ...imageErrors,
  ...machineErrors,
  ...snapshotErrors,
} satisfies Record<ErrorCode, ErrorWords>;

/** German of `errors`. */
export const errors: Translated<typeof english> = {
  codes,
  bridge: {
    noAnswer: 'Der Host-Prozess antwortet nicht.',
    noChannel: 'Der Host-Prozess hat keinen Kanal geöffnet.',
    startedAnew: 'Der Host-Prozess wurde neu gestartet und kennt diese Seite nicht mehr.',
    openNewAddress: 'Die Adresse öffnen, die er jetzt ausgibt.',
  },
};
