import { RotateCcw } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../ui/button.tsx';
import { defaultSettings, settingsStore, type Settings } from './settings-store.ts';
import './settings-view.css';

/** Settings that belong together, and the way back to what they are by default. */
export function SettingsGroup(props: {
  readonly title: string;
  /** Those that go back; none where the group has another store. */
  readonly fields?: readonly (keyof Settings)[];
  readonly children: ReactNode;
}) {
  const { title, fields = [], children } = props;
  const { t } = useTranslation('settings');
  const id = useId();
  const isChanged = useStore(settingsStore, (settings) =>
    fields.some((field) => settings[field] !== defaultSettings[field]),
  );
  return (
    // A group and no landmark: the window has a landmark called Terminals already.
    <section className="card settings-group" role="group" aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id} tabIndex={-1}>
          {title}
        </h2>
        {isChanged && (
          <Button
            icon={RotateCcw}
            aria-label={t('backToDefaultOf', { group: title })}
            onClick={() => {
              // The button goes, and with it the focus.
              document.getElementById(id)?.focus();
              settingsStore.setState(
                Object.fromEntries(fields.map((field) => [field, defaultSettings[field]])),
              );
            }}
          >
            {t('backToDefault')}
          </Button>
        )}
      </div>
      {children}
    </section>
  );
}
