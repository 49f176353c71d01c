import { Tooltip } from '@base-ui/react/tooltip';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { tooltip } from './tooltip-layer.tsx';
import './button.css';

/** Props of {@link Button}. */
export interface ButtonProps extends ComponentProps<'button'> {
  readonly icon?: LucideIcon;
  readonly iconClassName?: string;
  readonly variant?: 'primary' | 'plain' | 'danger';
}

/** A button with words, and an icon where that helps. */
export function Button(props: ButtonProps) {
  const { icon: Icon, iconClassName, variant, className, children, ...rest } = props;
  const classes = ['button', variant && `button-${variant}`, className].filter(Boolean).join(' ');
  return (
    <button type="button" {...rest} className={classes}>
      {Icon && <Icon className={['icon', iconClassName].filter(Boolean).join(' ')} aria-hidden />}
      {children}
    </button>
  );
}

/** Props of {@link IconButton}. */
export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** Its accessible name and its tooltip. */
  readonly label: string;
  /** Shown in the tooltip after the name. */
  readonly shortcut?: string;
  readonly iconClassName?: string;
}

/** A button without words: its name is a tooltip on hover and focus. */
export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, shortcut, className, iconClassName, ...rest } = props;
  return (
    <Tooltip.Trigger
      handle={tooltip}
      payload={{ label, shortcut }}
      type="button"
      aria-label={label}
      {...rest}
      className={['icon-button', className].filter(Boolean).join(' ')}
    >
      <Icon className={['icon', iconClassName].filter(Boolean).join(' ')} aria-hidden />
    </Tooltip.Trigger>
  );
}
