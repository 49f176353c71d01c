import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from './clipboard.ts';
import { Button, IconButton } from './button.tsx';
import './copy.css';

const confirmationMs = 1_500;

function useCopied(): [boolean, (text: string) => void] {
  const [copies, setCopies] = useState(0);
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    if (copies === 0) return;
    const timer = setTimeout(() => {
      setIsShown(false);
    }, confirmationMs);
    return () => {
      clearTimeout(timer);
    };
  }, [copies]);
  const copy = (text: string) => {
    void copyText(text).then((isDone) => {
      if (!isDone) return;
      setIsShown(true);
      setCopies((count) => count + 1);
    });
  };
  return [isShown, copy];
}

/** A small button that copies `text`; `what` names it: `Copy digest`. */
export function CopyIconButton(props: { readonly text: string; readonly what: string }) {
  const { t } = useTranslation('ui');
  const [isCopied, copy] = useCopied();
  return (
    <>
      <IconButton
        className="copy-button"
        icon={isCopied ? Check : Copy}
        label={isCopied ? t('copied') : t('copy', { what: props.what })}
        onClick={() => {
          copy(props.text);
        }}
      />
      <span className="visually-hidden" role="status">
        {isCopied ? t('copied') : ''}
      </span>
    </>
  );
}

/** A worded button that copies what `text` returns when it is pressed. */
export function CopyButton(props: { readonly text: () => string; readonly label: string }) {
  const { t } = useTranslation('ui');
  const [isCopied, copy] = useCopied();
  return (
    <Button
      icon={isCopied ? Check : Copy}
      onClick={() => {
        copy(props.text());
      }}
    >
      {isCopied ? t('copied') : props.label}
    </Button>
  );
}

/** A value in monospace with its copy button; `shown` is a shorter form of it. */
export function Copyable(props: {
  readonly value: string;
  readonly what: string;
  readonly shown?: string;
}) {
  return (
    <span className="copyable">
      <span className="mono" title={props.shown === undefined ? undefined : props.value}>
        {props.shown ?? props.value}
      </span>
      <CopyIconButton text={props.value} what={props.what} />
    </span>
  );
}
