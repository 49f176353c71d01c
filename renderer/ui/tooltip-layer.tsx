import { Tooltip } from '@base-ui/react/tooltip';
import { openLayer } from './layer.ts';

interface TooltipContent {
  readonly label: string;
  readonly shortcut: string | undefined;
}

/** By which a button says what the one tooltip of the window shows over it. */
export const tooltip = Tooltip.createHandle<TooltipContent>();

/** The one tooltip of the window: a list of hundreds of buttons needs no more. */
export function TooltipLayer() {
  return (
    <Tooltip.Provider delay={500}>
      <Tooltip.Root handle={tooltip}>
        {({ payload }) => (
          <Tooltip.Portal container={openLayer()}>
            <Tooltip.Positioner sideOffset={6} className="layer">
              <Tooltip.Popup className="tooltip">
                {payload?.label}
                {payload?.shortcut !== undefined && <kbd>{payload.shortcut}</kbd>}
              </Tooltip.Popup>
            </Tooltip.Positioner>
          </Tooltip.Portal>
        )}
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
