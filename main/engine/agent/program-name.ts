/** Names of programs as a guest says them. Pure; every byte is an attacker's. */
import { visibleText } from './visible-text.ts';

const maxCharacters = 64;

/** Nothing in it moves a cursor or turns the direction of a text. */
export function programName(bytes: Uint8Array): string {
  return visibleText(bytes, maxCharacters);
}
