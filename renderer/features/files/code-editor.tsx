import {
  defaultKeymap,
  history,
  historyField,
  historyKeymap,
  indentWithTab,
  temporarilySetTabFocusMode,
} from '@codemirror/commands';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { files } from '../../words/en/files.ts';
import { translate } from '../../words/language.ts';
import { editorTheme } from './editor-theme.ts';
import { lineSeparatorOf } from './line-separator.ts';
import './document-view.css';

/** What is kept besides the text and the cursor. */
const savedFields = { history: historyField };

/** What belongs to every editor. */
function extensionsOf(text: string): Extension {
  return [
    editorTheme,
    EditorState.lineSeparator.of(lineSeparatorOf(text)),
    EditorState.phrases.of(phrases()),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    highlightSelectionMatches(),
    history(),
    drawSelection(),
    search({ top: true }),
    keymap.of([
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
      // The way out for who has only a keyboard (WCAG 2.1.2).
      { key: 'Escape', run: temporarilySetTabFocusMode },
    ]),
  ];
}

/** The words of CodeMirror's panels, by its own. */
function phrases(): Record<string, string> {
  const word = (key: SearchWord) => translate(`files:search.${key}`);
  return {
    Find: word('find'),
    Replace: word('replaceField'),
    next: word('next'),
    previous: word('previous'),
    all: word('all'),
    'match case': word('matchCase'),
    regexp: word('regexp'),
    'by word': word('byWord'),
    replace: word('replace'),
    'replace all': word('replaceAll'),
    close: word('close'),
    'Go to line': word('goToLine'),
    go: word('go'),
    'Control character': word('control'),
  };
}

type SearchWord = keyof typeof files.search;

/** Props of {@link CodeEditor}; a change of what it begins with needs another key. */
export interface CodeEditorProps {
  readonly label: string;
  readonly text: string;
  /** What `onLeave` gave: undo, cursor and scroll position. */
  readonly kept: unknown;
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
  readonly onLeave: (kept: unknown) => void;
}

/** An editor of text: CodeMirror in the window's colours and words. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, isReadOnly } = props;
  const place = useRef<HTMLDivElement>(null);
  const change = useEffectEvent((text: string) => {
    props.onChange(text);
  });
  const begin = useEffectEvent(() => {
    const extensions = [
      extensionsOf(props.text),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorState.readOnly.of(isReadOnly),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) change(update.state.sliceDoc());
      }),
    ];
    const { kept } = props;
    // The state that was kept hears nobody of this view any more.
    const state =
      kept instanceof EditorState && kept.sliceDoc() === props.text && kept.readOnly === isReadOnly
        ? EditorState.fromJSON(kept.toJSON(savedFields), { extensions }, savedFields)
        : EditorState.create({ doc: props.text, extensions });
    return new EditorView({ state, ...(place.current === null ? {} : { parent: place.current }) });
  });
  const leave = useEffectEvent((state: EditorState) => {
    props.onLeave(state);
  });
  useEffect(() => {
    const view = begin();
    view.focus();
    return () => {
      leave(view.state);
      view.destroy();
    };
  }, []);
  return <div ref={place} className="code-editor" />;
}
