import { Keyboard, Monitor, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { Page } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { languageNames } from '../../words/language.ts';
import { ClosingSettings } from './closing-settings.tsx';
import { NotificationSettings } from './notification-settings.tsx';
import { SettingsGroup } from './settings-group.tsx';
import { settingsStore } from './settings-store.ts';
import './settings-view.css';

/** Everything that can be set in this window; each setting applies at once. */
export function SettingsView(props: {
  /** What can be set of terminals, with its own way back to the default. */
  readonly terminals?: ReactNode;
  /** What this program is and where it keeps things. */
  readonly about: ReactNode;
  /** Whether closing the window may leave the app in the tray. */
  readonly closesToTray: boolean;
  readonly onShortcuts: () => void;
}) {
  const { t } = useTranslation('settings');
  return (
    <Page title={<h1>{t('title')}</h1>}>
      <div className="settings-groups">
        <AppearanceSettings />
        <TerminalSettings>{props.terminals}</TerminalSettings>
        {props.closesToTray && <ClosingSettings />}
        <NotificationSettings />
        <KeyboardSettings onShortcuts={props.onShortcuts} />
        <SettingsGroup title={t('about.title')}>{props.about}</SettingsGroup>
      </div>
    </Page>
  );
}

function AppearanceSettings() {
  const { t } = useTranslation('settings');
  const { theme, language } = useStore(settingsStore);
  return (
    <SettingsGroup title={t('appearance.title')} fields={['theme', 'language']}>
      <ChoiceCards
        label={t('appearance.theme')}
        value={theme}
        choices={[
          { value: 'system', label: t('appearance.system'), icon: Monitor },
          { value: 'light', label: t('appearance.light'), icon: Sun },
          { value: 'dark', label: t('appearance.dark'), icon: Moon },
        ]}
        onChange={(value) => {
          settingsStore.setState({ theme: value });
        }}
      />
      <p className="field-help">{t('appearance.themeHelp')}</p>
      <SelectField
        label={t('appearance.language')}
        help={t('appearance.languageHelp')}
        value={language}
        options={[
          { value: 'system', label: t('appearance.languageOfSystem') },
          { value: 'en', label: languageNames.en },
          { value: 'de', label: languageNames.de },
        ]}
        onChange={(value) => {
          settingsStore.setState({ language: value });
        }}
      />
    </SettingsGroup>
  );
}

function TerminalSettings({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('settings');
  const isReadAloud = useStore(settingsStore, (settings) => settings.readTerminalsAloud);
  return (
    <SettingsGroup title={t('terminals.title')} fields={['readTerminalsAloud']}>
      <CheckField
        label={t('terminals.readAloud')}
        help={t('terminals.readAloudHelp')}
        isChecked={isReadAloud}
        onChange={(readTerminalsAloud) => {
          settingsStore.setState({ readTerminalsAloud });
        }}
      />
      {children}
    </SettingsGroup>
  );
}

function KeyboardSettings({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { t } = useTranslation('settings');
  const hasSingleKeys = useStore(settingsStore, (settings) => settings.hasSingleKeys);
  return (
    <SettingsGroup title={t('keyboard.title')} fields={['hasSingleKeys']}>
      <CheckField
        label={t('keyboard.singleKeys')}
        help={t('keyboard.singleKeysHelp')}
        isChecked={hasSingleKeys}
        onChange={(isOn) => {
          settingsStore.setState({ hasSingleKeys: isOn });
        }}
      />
      <div>
        <Button icon={Keyboard} onClick={onShortcuts}>
          {t('keyboard.show')}
        </Button>
      </div>
    </SettingsGroup>
  );
}
