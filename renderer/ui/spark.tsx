import { sparkPath } from './spark-path.ts';
import './spark.css';

const width = 100;
const height = 24;

/** The course of a value as a small line; what it is, is said beside it in words. */
export function Spark(props: {
  /** Oldest first; undefined where there was none. */
  readonly values: readonly (number | undefined)[];
  /** As many as fill its width. */
  readonly length: number;
  /** The value at its top; a higher one raises it. */
  readonly top: number;
}) {
  const { values, length, top } = props;
  const { line, area } = sparkPath(values, { length, top, width, height });
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <path className="spark-area" d={area} />
      <path className="spark-line" d={line} />
    </svg>
  );
}
