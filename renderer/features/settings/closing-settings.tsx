import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { SelectField } from '../../ui/select-field.tsx';
import { SettingsGroup } from './settings-group.tsx';
import { settingsStore } from './settings-store.ts';

/** What closing the window of the desktop app means; a browser has its own way with windows. */
export function ClosingSettings() {
  const { t } = useTranslation('settings');
  const whenClosed = useStore(settingsStore, (settings) => settings.whenClosed);
  return (
    <SettingsGroup title={t('window.title')} fields={['whenClosed']}>
      <SelectField
        label={t('window.whenClosed')}
        help={t('window.whenClosedHelp')}
        value={whenClosed}
        options={[
          { value: 'quit', label: t('window.quit') },
          { value: 'tray', label: t('window.tray') },
        ]}
        onChange={(value) => {
          settingsStore.setState({ whenClosed: value });
        }}
      />
    </SettingsGroup>
  );
}
