import { useRef, useState, useEffect, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { clampPanelHeight, panelHeightAfterKey, panelRange } from './panel-height.ts';
import { terminalStore } from '../terminal-store.ts';

/** The line between page and panel: dragged, or moved by the arrow keys, Home and End. */
export function PanelSeparator() {
  const { t } = useTranslation('terminals');
  const { heightPx, isMaximised } = useStore(terminalStore);
  const element = useRef<HTMLDivElement>(null);
  const available = useAvailableHeight();
  const { min, max } = panelRange(available);

  useEffect(() => {
    // A window that became smaller takes from the panel what the page needs.
    const fitting = clampPanelHeight(heightPx, available);
    if (fitting < heightPx) terminalStore.setState({ heightPx: fitting });
  }, [heightPx, available]);

  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const bottom = element.current?.parentElement?.getBoundingClientRect().bottom ?? 0;
    terminalStore.setState({
      heightPx: clampPanelHeight(bottom - event.clientY, available),
      isMaximised: false,
    });
  };
  return (
    <div
      ref={element}
      className="panel-separator"
      role="separator"
      aria-label={t('panel.height')}
      aria-orientation="horizontal"
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={isMaximised ? max : heightPx}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={drag}
      onDoubleClick={() => {
        terminalStore.setState({ isMaximised: !isMaximised });
      }}
      onKeyDown={(event) => {
        const next = panelHeightAfterKey(event.key, heightPx, available);
        if (next === undefined) return;
        event.preventDefault();
        terminalStore.setState({ heightPx: next, isMaximised: false });
      }}
    />
  );
}

function useAvailableHeight(): number {
  const [height, setHeight] = useState(window.innerHeight);
  useEffect(() => {
    const measure = () => {
      setHeight(window.innerHeight);
    };
    window.addEventListener('resize', measure);
    return () => {
      window.removeEventListener('resize', measure);
    };
  }, []);
  return height;
}
