import { useEffect, useLayoutEffect, type RefObject } from 'react';

/** Between the anchor and its popup, and between the popup and the edge of the window; in pixels. */
const gap = 4;

/** Less room than this below the anchor and the popup is above it, where there is more; in pixels. */
const leastRoom = 160;

/**
 * Shows a popup (an element with `popover="manual"`) below its anchor, as wide as it, above everything
 * else: no dialog or table that scrolls cuts it off.
 */
export function useAnchoredPopup(
  anchor: RefObject<HTMLElement | null>,
  popup: RefObject<HTMLElement | null>,
  isOpen: boolean,
): void {
  useLayoutEffect(() => {
    if (isOpen && popup.current?.isConnected === true) popup.current.showPopover();
  }, [popup, isOpen]);
  useLayoutEffect(() => {
    // At each drawing: an error below the field or a longer list moves things.
    if (isOpen) place(anchor.current, popup.current);
  });
  useEffect(() => {
    if (!isOpen) return;
    const follow = (event: Event) => {
      if (event.target !== popup.current) place(anchor.current, popup.current);
    };
    window.addEventListener('scroll', follow, { capture: true, passive: true });
    window.addEventListener('resize', follow);
    return () => {
      window.removeEventListener('scroll', follow, { capture: true });
      window.removeEventListener('resize', follow);
    };
  }, [anchor, popup, isOpen]);
}

function place(anchor: HTMLElement | null, popup: HTMLElement | null): void {
  if (anchor === null || popup === null) return;
  const { left, width, top, bottom } = anchor.getBoundingClientRect();
  const below = window.innerHeight - bottom - 2 * gap;
  const above = top - 2 * gap;
  const isAbove = below < leastRoom && above > below;
  popup.style.left = `${String(left)}px`;
  popup.style.width = `${String(width)}px`;
  popup.style.setProperty('--room', `${String(Math.max(0, isAbove ? above : below))}px`);
  popup.style.top = isAbove ? 'auto' : `${String(bottom + gap)}px`;
  popup.style.bottom = isAbove ? `${String(window.innerHeight - top + gap)}px` : 'auto';
}
