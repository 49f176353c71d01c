import { Circle, LoaderCircle, Moon, Pause, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SandboxState } from '../../../main/contract/sandbox.ts';
import './state-mark.css';

const shapes: Record<SandboxState, LucideIcon> = {
  creating: LoaderCircle,
  starting: LoaderCircle,
  running: Circle,
  paused: Pause,
  suspending: LoaderCircle,
  suspended: Moon,
  stopping: LoaderCircle,
  stopped: Circle,
  crashed: TriangleAlert,
};

/** A sandbox's state as colour and shape, with its word to see or to hear. */
export function StateMark(props: {
  readonly state: SandboxState;
  readonly isWordHidden?: boolean;
}) {
  const { state, isWordHidden = false } = props;
  const { t } = useTranslation('sandboxes');
  const Shape = shapes[state];
  const isMoving = Shape === LoaderCircle;
  return (
    <span className={`state state-${state}`}>
      <Shape className={isMoving ? 'icon spinning' : 'icon'} aria-hidden />
      <span className={isWordHidden ? 'visually-hidden' : undefined}>{t(`states.${state}`)}</span>
    </span>
  );
}
