// First: what the parts of the page say of themselves comes after it.
import './files-view.css';
import { Moon, Pause, Play, PowerOff, StepForward, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Sandbox } from '../../../main/contract/sandbox.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/page.tsx';
import { FilesBrowser } from './files-browser.tsx';
import { FilesScopeProvider } from './files-scope.tsx';
import { normalizePath } from './guest-path.ts';
import { TransferStrip } from './transfer-strip.tsx';

/** Props of {@link FilesView}. */
export interface FilesViewProps {
  readonly sandbox: Pick<Sandbox, 'id' | 'name' | 'state' | 'root'>;
  /** Of the address; the root where it has none. */
  readonly path: string | undefined;
  readonly hrefOf: (path: string) => string;
  readonly onOpen: (path: string) => void;
  /** Starts it, or has it go on. */
  readonly onStart: () => void;
}

/** How a page without files looks where the sandbox is kept as it was. */
const offs: Partial<
  Record<
    Sandbox['state'],
    {
      readonly icon: LucideIcon;
      readonly words: 'paused' | 'suspended' | 'stopped';
      readonly canResume: boolean;
    }
  >
> = {
  paused: { icon: Pause, words: 'paused', canResume: true },
  suspended: { icon: Moon, words: 'suspended', canResume: true },
};

/** The files of a sandbox: a tree and a list, or the text of one of them. */
export function FilesView(props: FilesViewProps) {
  const { sandbox, hrefOf, onOpen, onStart } = props;
  const { id, name, state, root } = sandbox;
  const { t } = useTranslation('files');
  const path = normalizePath(props.path ?? '/');
  const off = offs[state] ?? { icon: PowerOff, words: 'stopped', canResume: false };
  return (
    <FilesScopeProvider id={id} name={name} hrefOf={hrefOf} onOpen={onOpen}>
      {state === 'running' ? (
        <FilesBrowser path={path} hasImage={root === undefined || root.kind === 'image'} />
      ) : (
        <>
          <TransferStrip />
          <EmptyState
            icon={off.icon}
            title={t(`off.${off.words}`)}
            action={
              <Button
                icon={off.canResume ? StepForward : Play}
                variant="primary"
                disabled={!off.canResume && state !== 'stopped' && state !== 'crashed'}
                onClick={onStart}
              >
                {off.canResume ? t('resume') : t('start')}
              </Button>
            }
          >
            {t('offText')}
          </EmptyState>
        </>
      )}
    </FilesScopeProvider>
  );
}
