import { Dialog } from '@base-ui/react/dialog';
import { useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import './dialog.css';

/** Props of {@link FormDialog}. */
export interface FormDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly submitLabel: string;
  readonly isDangerous?: boolean;
  /** It cannot be sent as it is. */
  readonly isDisabled?: boolean;
  /** It is being sent. */
  readonly isBusy?: boolean;
  /** Fields beside each other need more room. */
  readonly isWide?: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
}

/** A form over the page, open while it is mounted. Escape and Cancel change nothing. */
export function FormDialog(props: FormDialogProps) {
  const { t } = useTranslation('ui');
  const { isDisabled = false, isBusy = false, isDangerous = false } = props;
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Dialog.Root
      open
      disablePointerDismissal
      onOpenChange={(isOpen) => {
        if (!isOpen) props.onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup
          className={props.isWide === true ? 'dialog dialog-wide' : 'dialog'}
          // What takes something away begins with the way out.
          {...(isDangerous ? { initialFocus: cancel } : {})}
        >
          <Dialog.Title className="dialog-title">{props.title}</Dialog.Title>
          <form
            className="dialog-body"
            aria-label={props.title}
            onSubmit={(event) => {
              event.preventDefault();
              // A portal's events reach the React parents, which may be forms themselves.
              event.stopPropagation();
              if (!isDisabled && !isBusy) props.onSubmit();
            }}
          >
            {props.children}
            <div className="dialog-actions">
              <Dialog.Close ref={cancel} render={<Button />}>
                {t('cancel')}
              </Dialog.Close>
              <Button
                type="submit"
                variant={isDangerous ? 'danger' : 'primary'}
                disabled={isDisabled || isBusy}
              >
                {props.submitLabel}
              </Button>
            </div>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
