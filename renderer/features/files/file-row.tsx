import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileEntry } from '../../../main/contract/files.ts';
import { formatAgo, formatBytes, formatExactTime } from '../../ui/format.ts';
import { ChangeMark } from './change-mark.tsx';
import { FileIcon } from './file-icon.tsx';
import { formatMode, formatOctal } from './file-mode.ts';
import { problemOfName } from './guest-path.ts';
import type { SelectionMode } from './selection.ts';
import { ownerOf } from './sort-entries.ts';

/** Props of {@link FileRow}. */
export interface FileRowProps {
  readonly id: string;
  readonly entry: FileEntry;
  /** Of ARIA: the head is the first. */
  readonly rowIndex: number;
  readonly top: number;
  readonly nowMs: number;
  readonly isSelected: boolean;
  /** The keyboard is on it. */
  readonly isCursor: boolean;
  readonly isRenaming: boolean;
  readonly onRename: (wanted: string | undefined) => void;
  readonly onSelect: (mode: SelectionMode) => void;
  readonly onOpen: () => void;
}

/** One entry of a directory. */
export function FileRow(props: FileRowProps) {
  const { id, entry, rowIndex, top, nowMs, isSelected, isCursor, isRenaming } = props;
  const { onRename, onSelect, onOpen } = props;
  const { t } = useTranslation('files');
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
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      style={{ transform: `translateY(${String(top)}px)` }}
      onMouseDown={(event) => {
        if (event.button === 2) {
          if (!isSelected) onSelect('only');
        } else if (event.button === 0) {
          onSelect(event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only');
        }
      }}
      onDoubleClick={onOpen}
    >
      <div role="gridcell" className="file-cell file-name">
        <FileIcon entry={entry} />
        {isRenaming ? (
          <NameField name={name} onDone={onRename} />
        ) : (
          <span className="file-name-text" title={name}>
            {name}
          </span>
        )}
        {target !== undefined && <span className="file-target quiet">→ {target}</span>}
        {kind !== 'file' && <span className="visually-hidden">, {t(`kinds.${kind}`)}</span>}
      </div>
      <div role="gridcell" className="file-cell file-size">
        {kind === 'file' ? formatBytes(sizeBytes) : '–'}
      </div>
      <div role="gridcell" className="file-cell file-modified">
        <time dateTime={new Date(modifiedAtMs).toISOString()} title={formatExactTime(modifiedAtMs)}>
          {formatAgo(modifiedAtMs, nowMs)}
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
}

/** The name as it is typed: Enter takes it, Escape and a click elsewhere leave it. */
function NameField(props: {
  readonly name: string;
  readonly onDone: (wanted: string | undefined) => void;
}) {
  const { name, onDone } = props;
  const { t } = useTranslation('files');
  const [typed, setTyped] = useState(name);
  const problem = problemOfName(typed);
  return (
    <input
      className="input mono file-rename"
      aria-label={t('renaming', { name })}
      aria-invalid={problem !== undefined}
      title={problem === undefined ? undefined : t(problem)}
      value={typed}
      spellCheck={false}
      autoComplete="off"
      ref={focusStem}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') onDone(undefined);
        if (event.key === 'Enter' && problem === undefined) onDone(typed);
      }}
      onMouseDown={(event) => {
        event.stopPropagation();
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
      onBlur={() => {
        onDone(undefined);
      }}
    />
  );
}

/** The part before the extension is what changes mostly. */
function focusStem(input: HTMLInputElement | null): void {
  if (input === null) return;
  input.focus();
  const dot = input.value.lastIndexOf('.');
  input.setSelectionRange(0, dot > 0 ? dot : input.value.length);
}
