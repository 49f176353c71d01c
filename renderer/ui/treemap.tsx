import { layOutTreemap } from './treemap-layout.ts';
import './treemap.css';

/** One part of a whole. */
export interface TreemapPart {
  readonly key: string;
  readonly label: string;
  /** On hover, where the label is a short form. */
  readonly fullLabel?: string;
  /** A second line, where there is room: what kind of part it is, how much. */
  readonly remark: string;
  readonly amount: number;
  /** Told by its pattern as well as by its colour. */
  readonly look: 'own' | 'shared' | 'idle' | 'waste';
}

/** How the looks are told in words. */
export type TreemapLegend = readonly {
  readonly look: TreemapPart['look'];
  readonly label: string;
}[];

const size = { width: 300, height: 100 };

/**
 * Parts of a whole as rectangles. It is a picture: whoever uses it shows the same as a table, which
 * is what keyboards and screen readers go through.
 */
export function Treemap(props: {
  readonly label: string;
  readonly parts: readonly TreemapPart[];
  readonly legend: TreemapLegend;
}) {
  const percent = (amount: number, whole: number) => `${String((amount / whole) * 100)}%`;
  return (
    <figure className="treemap-figure">
      <div className="treemap" role="img" aria-label={props.label}>
        {layOutTreemap(props.parts, size.width, size.height).map(
          ({ part, x, y, width, height }) => (
            <div
              key={part.key}
              className="treemap-tile"
              title={`${part.fullLabel ?? part.label}\n${part.remark}`}
              style={{
                left: percent(x, size.width),
                top: percent(y, size.height),
                width: percent(width, size.width),
                height: percent(height, size.height),
              }}
            >
              <div className={`treemap-face treemap-${part.look}`}>
                <span className="treemap-label">{part.label}</span>
                <span className="treemap-remark">{part.remark}</span>
              </div>
            </div>
          ),
        )}
      </div>
      <figcaption className="treemap-legend">
        {props.legend.map(({ look, label }) => (
          <span key={look}>
            <span className={`treemap-key treemap-${look}`} aria-hidden />
            {label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
