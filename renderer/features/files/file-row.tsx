import { memo, type ReactNode } from 'react';
import type { FileEntry } from '../../../main/contract/files.ts';
import { formatBytes, formatExactTime } from '../../ui/format.ts';
import { ChangeMark } from '../../ui/change-mark.tsx';
import { FileIcon } from './file-icon.tsx';
import { formatMode, formatOctal } from './file-mode.ts';
import { ownerOf } from './sort-entries.ts';

/** Props of {@link FileRow}; they are values, so that a row that stays is not drawn again. */
export interface FileRowProps {
  readonly id: string;
  readonly entry: FileEntry;
  /** In the list; what is clicked is found by it. */
  readonly index: number;
  readonly top: number;
  /** How long ago it was modified. */
  readonly ago: string;
  /** What it is, for those who do not see the icon; undefined for a file. */
  readonly kindWord: string | undefined;
  readonly isSelected: boolean;
  /** The keyboard is on it. */
  readonly isCursor: boolean;
  /** In place of the name, while it is changed. */
  readonly field: ReactNode;
}

/** One entry of a directory. */
export const FileRow = memo(function FileRow(props: FileRowProps) {
  const { id, entry, index, top, ago, kindWord, isSelected, isCursor, field } = props;
  const { name, kind, sizeBytes, mode, modifiedAtMs, target, change } = entry;
  const classes = [
    'file-row',
    isCursor && 'file-row-cursor',
    change === 'removed' && 'file-row-removed',
  ];
  return (
    <div
      id={id}
      role="row"
      className={classes.filter(Boolean).join(' ')}
      data-index={index}
      // The head is the first.
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={{ transform: `translateY(${String(top)}px)` }}
    >
      <div role="gridcell" className="file-cell file-name">
        <FileIcon entry={entry} />
        {field ?? (
          <span className="file-name-text" title={name}>
            {name}
          </span>
        )}
        {target !== undefined && <span className="file-target quiet">→ {target}</span>}
        {kindWord !== undefined && <span className="visually-hidden">, {kindWord}</span>}
      </div>
      <div role="gridcell" className="file-cell file-size">
        {kind === 'file' ? formatBytes(sizeBytes) : '–'}
      </div>
      <div role="gridcell" className="file-cell file-modified">
        <time
          dateTime={new Date(modifiedAtMs).toISOString()}
          // To format a date takes longer than to draw the row.
          onMouseEnter={(event) => {
            event.currentTarget.title = formatExactTime(modifiedAtMs);
          }}
        >
          {ago}
        </time>
      </div>
      <div role="gridcell" className="file-cell file-permissions mono" title={formatOctal(mode)}>
        {formatMode(kind, mode)}
      </div>
      <div role="gridcell" className="file-cell file-owner">
        {ownerOf(entry)}
      </div>
      <div role="gridcell" className="file-cell file-change">
        <ChangeMark change={change} isInside={change === 'modified' && kind === 'directory'} />
      </div>
    </div>
  );
});
