import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { readTokens, usePageTheme } from '../../ui/token-colours.ts';
import type { GraphData } from './graph-data.ts';
import { formatValue, type Metric } from './metrics.ts';

const height = 148;
const font = '11px system-ui, sans-serif';
const tokens = ['--accent', '--busy', '--ok', '--warn', '--grey-4', '--grey-8'] as const;
/** Steps of bytes: powers of two, so that they are whole KiB and MiB. */
const byteSteps = Array.from({ length: 46 }, (_, power) => 2 ** power);

/** Props of {@link Graph}. */
export interface GraphProps {
  readonly metric: Metric;
  readonly data: GraphData;
  /** In words: what it shows. */
  readonly label: string;
  readonly top: number | undefined;
  /** Ends of the time that is shown, in seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Graphs of one page have one cursor. */
  readonly syncKey: string;
  /** The moment under the cursor, in seconds; undefined when it has left. */
  readonly onCursor: (seconds: number | undefined) => void;
}

/** Lines over time, drawn by uPlot; in the colours of the theme that is seen. */
export function Graph(props: GraphProps) {
  const { metric, data, label, top, from, to, syncKey, onCursor } = props;
  const theme = usePageTheme();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef({ data, from, to, top });
  useEffect(() => {
    latest.current = { data, from, to, top };
  });

  useEffect(() => {
    const target = frame.current;
    if (target === null) return;
    const colours = readTokens(tokens);
    const axis: uPlot.Axis = {
      font,
      stroke: colours['--grey-8'],
      grid: { stroke: colours['--grey-4'], width: 1 },
      ticks: { show: false },
    };
    const drawn = new uPlot(
      {
        width: target.clientWidth,
        height,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: {
          sync: { key: syncKey },
          drag: { x: false, y: false },
          points: { size: 6 },
        },
        scales: {
          x: { range: () => [latest.current.from, latest.current.to] },
          y: {
            range: (_, __, most) => [0, Math.max(latest.current.top ?? 0, (most || 0) * 1.1, 1)],
          },
        },
        axes: [
          {
            ...axis,
            size: 24,
            space: 70,
            values: (_, moments) => moments.map((moment) => formatMoment(moment)),
          },
          {
            ...axis,
            size: 64,
            space: 32,
            ...(metric.unit === 'percent' ? {} : { incrs: byteSteps }),
            values: (_, values) => values.map((value) => formatValue(value, metric.unit)),
          },
        ],
        series: [
          {},
          ...metric.lines.map(({ key, colour, isDashed }): uPlot.Series => ({
            label: key,
            stroke: colours[colour],
            width: 1.5,
            points: { show: false },
            ...(isDashed === true ? { dash: [5, 3] } : { fill: fade(colours[colour]) }),
          })),
        ],
        hooks: {
          setCursor: [
            ({ cursor, data: [moments] }) => {
              onCursor(typeof cursor.idx === 'number' ? moments[cursor.idx] : undefined);
            },
          ],
        },
      },
      latest.current.data,
      target,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      drawn.setSize({ width: target.clientWidth, height });
    });
    observer.observe(target);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [metric, syncKey, theme, onCursor]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data, from, to, top]);

  return <div ref={frame} className="graph" role="img" aria-label={label} />;
}

function formatMoment(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** A computed colour (`rgb(…)`), nearly transparent. */
function fade(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)');
}
