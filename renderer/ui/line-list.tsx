import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
  type ReactNode,
  type Ref,
} from 'react';
import './line-list.css';

const lineHeight = 19;
/** Counts as the end: within one line of it. */
const endThreshold = lineHeight;

/** What can be asked of a {@link LineList}. */
export interface LineListHandle {
  readonly scrollToIndex: (index: number) => void;
  readonly scrollToEnd: () => void;
}

/** Props of {@link LineList}. */
export interface LineListProps<Line> {
  readonly label: string;
  readonly lines: readonly Line[];
  /** Stable while lines come and go at both ends. */
  readonly keyOf: (line: Line) => number;
  readonly renderLine: (line: Line, index: number) => ReactNode;
  readonly isWrapped: boolean;
  /** The end stays in sight as lines come. */
  readonly isFollowing: boolean;
  /** One has scrolled away from the end, or back to it. */
  readonly onFollowingChange: (isFollowing: boolean) => void;
  /** The first line is near. */
  readonly onStartNear?: () => void;
  /** What comes is read aloud: a log that is followed. */
  readonly isReadAloud?: boolean;
  readonly handle?: Ref<LineListHandle>;
}

/**
 * Many lines, of which those in sight are drawn. Lines that come before the first or go from there
 * leave those in sight where they are.
 */
export function LineList<Line>(props: LineListProps<Line>) {
  const { label, lines, keyOf, renderLine, isWrapped, isFollowing, onFollowingChange } = props;
  const { onStartNear, isReadAloud = false, handle } = props;
  const screen = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing below is memoised by a compiler
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => screen.current,
    estimateSize: () => lineHeight,
    getItemKey: useCallback(
      (index: number) => {
        const line = lines[index];
        return line === undefined ? -1 : keyOf(line);
      },
      [lines, keyOf],
    ),
    overscan: 24,
    anchorTo: 'end',
    followOnAppend: isFollowing,
    scrollEndThreshold: endThreshold,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index;

  useEffect(() => {
    virtualizer.measure();
  }, [virtualizer, isWrapped]);
  useEffect(() => {
    if (isFollowing) virtualizer.scrollToEnd();
  }, [virtualizer, isFollowing, isWrapped]);
  useEffect(() => {
    if (!isFollowing && first !== undefined && first < 50) onStartNear?.();
  }, [first, isFollowing, onStartNear, lines]);
  useImperativeHandle(
    handle,
    () => ({
      scrollToIndex: (index) => {
        virtualizer.scrollToIndex(index, { align: 'center' });
      },
      scrollToEnd: () => {
        virtualizer.scrollToEnd();
      },
    }),
    [virtualizer],
  );

  return (
    <div
      ref={screen}
      className={isWrapped ? 'lines lines-wrapped' : 'lines'}
      role={isReadAloud ? 'log' : 'region'}
      aria-label={label}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const isAtEnd = scrollHeight - scrollTop - clientHeight <= endThreshold;
        // Lines that come put the end out of sight too; only who scrolls up wants to stay there.
        const isLeaving = !isAtEnd && scrollTop < lastTop.current;
        lastTop.current = scrollTop;
        if (isFollowing ? isLeaving : isAtEnd) onFollowingChange(!isFollowing);
      }}
    >
      <div className="lines-all" style={{ height: virtualizer.getTotalSize() }}>
        <div
          className="lines-shown"
          style={{ transform: `translateY(${String(items[0]?.start ?? 0)}px)` }}
        >
          {items.map(({ index, key }) => {
            const line = lines[index];
            return (
              <div
                key={key}
                ref={isWrapped ? virtualizer.measureElement : undefined}
                data-index={index}
                className="line"
              >
                {line !== undefined && renderLine(line, index)}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
