import { translate } from '../words/language.ts';

let element: HTMLElement | undefined;

/**
 * Where menus and tooltips are while they are open: a landmark of their own above the page, so that
 * whoever goes through the window by its landmarks comes to them as well. It is no landmark while
 * nothing is in it (`base.css`).
 */
export function openLayer(): HTMLElement {
  if (element === undefined) {
    element = document.createElement('div');
    element.className = 'open-layer';
    element.role = 'region';
    document.body.append(element);
  }
  element.ariaLabel = translate('ui:openLayer');
  return element;
}
