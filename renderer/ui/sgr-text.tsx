import { memo } from 'react';
import { markSpans, type MarkedSpan } from './marked-text.ts';
import { parseSgr } from './sgr.ts';
import './sgr-text.css';

/** One line with its colours, and with what is looked for marked. */
export const SgrText = memo(function SgrText(props: {
  readonly text: string;
  readonly marked?: string;
}) {
  return markSpans(parseSgr(props.text), props.marked ?? '').map((span, index) => {
    const className = classOf(span);
    if (span.isMarked === true) {
      return (
        <mark key={index} className="sgr-mark">
          {span.text}
        </mark>
      );
    }
    if (className === '') return span.text;
    return (
      <span key={index} className={className}>
        {span.text}
      </span>
    );
  });
});

function classOf(span: MarkedSpan): string {
  // A background alone has the colour of the surface above it: that pair can be read.
  const { background, colour } = span;
  return [
    background !== undefined && `sgr-on sgr-${background}`,
    background === undefined && colour !== undefined && `sgr-${colour}`,
    span.isBold === true && 'sgr-bold',
    span.isDim === true && 'sgr-dim',
    span.isItalic === true && 'sgr-italic',
    span.isUnderlined === true && 'sgr-underlined',
    span.isStruck === true && 'sgr-struck',
  ]
    .filter((name) => name !== false)
    .join(' ');
}
