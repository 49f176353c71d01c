/** Tabs put in another order by dragging one; the keys for it are in the list of shortcuts. */
import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { moveTab } from '../model/panel-model.ts';
import { arrangePanel } from '../terminal-store.ts';
import { scrollPxAt } from './scroll-at-edge.ts';

/** A pointer that moved less than this has clicked, in CSS pixels. */
const dragThresholdPx = 5;

/** What the strip of tabs does with a pointer. */
export interface TabDrag {
  readonly draggedId: string | undefined;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerUp: () => void;
}

/** Moves the tab below the pointer to where it is dragged; elements say their tab as `data-tab`. */
export function useTabDrag(): TabDrag {
  const [draggedId, setDraggedId] = useState<string>();
  const start = useRef<{ readonly id: string; readonly x: number }>(undefined);
  const pointer = useRef<{ readonly strip: HTMLElement; readonly x: number }>(undefined);
  useEffect(() => {
    if (draggedId === undefined) return;
    // A pointer that rests at an end of the strip gets to the tabs that are beyond it.
    let frame = 0;
    let lastMs = performance.now();
    const scroll = (nowMs: number) => {
      frame = requestAnimationFrame(scroll);
      const elapsedMs = Math.max(0, nowMs - lastMs);
      lastMs = nowMs;
      if (pointer.current === undefined) return;
      const { strip, x } = pointer.current;
      const before = strip.scrollLeft;
      strip.scrollLeft += scrollPxAt(strip.getBoundingClientRect(), x, elapsedMs);
      if (strip.scrollLeft !== before) moveTo(strip, draggedId, x);
    };
    frame = requestAnimationFrame(scroll);
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [draggedId]);
  return {
    draggedId,
    onPointerDown: (event) => {
      const tab = event.target instanceof Element ? event.target.closest('[data-tab]') : null;
      const id = tab?.getAttribute('data-tab');
      if (event.button !== 0 || id === null || id === undefined) return;
      start.current = { id, x: event.clientX };
    },
    onPointerMove: (event) => {
      const from = start.current;
      if (from === undefined) return;
      if ((event.buttons & 1) === 0) {
        start.current = undefined;
        setDraggedId(undefined);
        return;
      }
      if (draggedId === undefined) {
        if (Math.abs(event.clientX - from.x) < dragThresholdPx) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDraggedId(from.id);
      }
      pointer.current = { strip: event.currentTarget, x: event.clientX };
      moveTo(event.currentTarget, from.id, event.clientX);
    },
    onPointerUp: () => {
      start.current = undefined;
      setDraggedId(undefined);
    },
  };
}

function moveTo(strip: HTMLElement, draggedId: string, x: number): void {
  const index = indexAt(strip, draggedId, x);
  arrangePanel((model) => moveTab(model, draggedId, index));
}

/** The place of a tab whose middle is at `x`: after all whose middle is on the left of it. */
function indexAt(strip: HTMLElement, draggedId: string, x: number): number {
  const others = [...strip.querySelectorAll<HTMLElement>('[data-tab]')].filter(
    (tab) => tab.dataset['tab'] !== draggedId,
  );
  return others.filter((tab) => {
    const { left, width } = tab.getBoundingClientRect();
    return left + width / 2 < x;
  }).length;
}
