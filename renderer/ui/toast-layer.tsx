import { Toast } from '@base-ui/react/toast';
import { CircleCheck, CircleX, X } from 'lucide-react';
import { Button } from './button.tsx';
import './button.css';
import './toast-layer.css';

/** Something that happened elsewhere, and the way there. It is never the only place that says it. */
export interface ToastNotice {
  /** One of the same id takes its place. */
  readonly id: string;
  readonly kind: 'success' | 'error';
  readonly title: string;
  readonly description?: string | undefined;
  /** What leads to it. */
  readonly action: { readonly label: string; readonly run: () => void };
}

/** Most that are seen at once. */
const limit = 3;
/** How long one stays while nobody points at it, in milliseconds; less where all went well. */
const stayMs = { success: 8_000, error: 15_000 } as const;

const manager = Toast.createToastManager();

/** Shows a notice; it goes by itself, and not while it has the pointer or the focus. */
export function showToast(notice: ToastNotice): void {
  const { id, kind, title, description, action } = notice;
  manager.add({
    id,
    type: kind,
    title,
    description,
    timeout: stayMs[kind],
    priority: 'low',
    actionProps: {
      children: action.label,
      onClick: () => {
        manager.close(id);
        action.run();
      },
    },
  });
}

/** Takes a notice away, if it is there. */
export function closeToast(id: string): void {
  manager.close(id);
}

/** Where notices are; F6 goes to them. */
export function ToastLayer(props: { readonly label: string; readonly dismissLabel: string }) {
  return (
    <Toast.Provider toastManager={manager} limit={limit}>
      <Toast.Portal>
        <Toast.Viewport className="toasts" aria-label={props.label}>
          <Toasts dismissLabel={props.dismissLabel} />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Toasts({ dismissLabel }: { readonly dismissLabel: string }) {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => {
    const Icon = toast.type === 'error' ? CircleX : CircleCheck;
    return (
      <Toast.Root key={toast.id} toast={toast} className="toast">
        <Toast.Content className="toast-content">
          <Icon className="icon" aria-hidden />
          <Toast.Title className="toast-title" />
          <Toast.Close className="icon-button" aria-label={dismissLabel} title={dismissLabel}>
            <X className="icon" aria-hidden />
          </Toast.Close>
          <Toast.Description className="toast-description" />
          <Toast.Action className="toast-action" render={<Button />} />
        </Toast.Content>
      </Toast.Root>
    );
  });
}
