import { CopyIconButton } from './copy.tsx';

/** Lines to copy: a command, a file, a log. */
export function CopyBlock(props: { readonly text: string; readonly what: string }) {
  return (
    <div className="copy-block">
      <pre>{props.text}</pre>
      <CopyIconButton text={props.text} what={props.what} />
    </div>
  );
}
