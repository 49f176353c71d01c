import { useRef } from 'react';

/** What a menu's root and its popup are given; see {@link useMenuFocus}. */
export interface MenuFocus {
  readonly onOpenChange: (isOpen: boolean, details: { readonly reason: string }) => void;
  readonly finalFocus: () => HTMLElement | false;
}

/**
 * For a menu whose entries move the focus themselves, as into a terminal: left by Escape it gives
 * the focus back to where it came from; when an entry is chosen it leaves the focus alone.
 */
export function useMenuFocus(): MenuFocus {
  const before = useRef<Element>(null);
  const isLeft = useRef(false);
  return {
    onOpenChange: (isOpen, { reason }) => {
      if (isOpen) before.current = document.activeElement;
      isLeft.current = reason === 'escape-key';
    },
    finalFocus: () =>
      isLeft.current && before.current instanceof HTMLElement ? before.current : false,
  };
}
