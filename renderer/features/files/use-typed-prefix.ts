import { useRef } from 'react';

/** Letters that follow each other this quickly belong together. */
const pauseMs = 700;

/**
 * Collects what is typed into a list: gives the letters so far, or undefined for another key, with
 * which a word ends.
 */
export function useTypedPrefix(): (event: React.KeyboardEvent) => string | undefined {
  const typed = useRef({ text: '', atMs: 0 });
  return (event) => {
    const { key, ctrlKey, metaKey, altKey, timeStamp } = event;
    const before = timeStamp - typed.current.atMs < pauseMs ? typed.current.text : '';
    const isLetter = Array.from(key).length === 1 && (key !== ' ' || before !== '');
    if (!isLetter || ctrlKey || metaKey || altKey) {
      if (key !== 'Shift') typed.current = { text: '', atMs: 0 };
      return undefined;
    }
    typed.current = { text: before + key, atMs: timeStamp };
    return typed.current.text;
  };
}
