import { Progress } from '@base-ui/react/progress';
import './progress-bar.css';

/** How far bytes have come; `label` names it for those who do not see it. */
export function ProgressBar(props: {
  readonly label: string;
  readonly value: number;
  readonly max: number;
}) {
  return (
    <Progress.Root
      className="progress"
      value={Math.min(props.value, props.max)}
      max={props.max}
      aria-label={props.label}
    >
      <Progress.Track className="progress-track">
        <Progress.Indicator className="progress-indicator" />
      </Progress.Track>
    </Progress.Root>
  );
}
