import type { LucideIcon } from 'lucide-react';
import type { Shortcut } from './shortcut.ts';

/** Where a command is listed, in this order. */
export const commandGroups = [
  ...(['sandboxes', 'pages', 'terminals', 'images', 'appearance', 'general'] as const),
] as const;

/** See {@link commandGroups}. */
export type CommandGroup = (typeof commandGroups)[number];

/** Something that the window can do. */
export interface Command {
  /** Stable over sessions: `page.images`, `sandbox.stop web`. */
  readonly id: string;
  readonly group: CommandGroup;
  readonly icon: LucideIcon;
  /** In the present language. */
  readonly label: string;
  readonly shortcut?: Shortcut;
  /** Another key for the same. */
  readonly otherShortcut?: Shortcut;
  readonly run: () => void;
}
