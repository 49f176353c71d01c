import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { CheckField } from '../../ui/check-field.tsx';
import { Warning } from '../../ui/warning.tsx';
import { askForNotifications, useNotificationPermission } from './notification-permission.ts';
import { SettingsGroup } from './settings-group.tsx';
import { settingsStore } from './settings-store.ts';

const kinds = ['notifiesOfOperations', 'notifiesOfCrashes'] as const;

/** What the system is to say while one looks elsewhere. The browser is asked by the switch alone. */
export function NotificationSettings() {
  const { t } = useTranslation('settings');
  const settings = useStore(settingsStore);
  const permission = useNotificationPermission();
  const set = async (kind: (typeof kinds)[number], isOn: boolean) => {
    if (!isOn || permission === 'granted') {
      settingsStore.setState({ [kind]: isOn });
      return;
    }
    if ((await askForNotifications()) !== 'granted') return;
    // The others were not asked for.
    const others = kinds.filter((other) => other !== kind);
    settingsStore.setState({
      [kind]: true,
      ...Object.fromEntries(others.map((other) => [other, false])),
    });
  };
  return (
    <SettingsGroup title={t('notifications.title')} fields={kinds}>
      {permission === 'absent' && <p className="quiet">{t('notifications.absent')}</p>}
      {permission === 'denied' && <Warning>{t('notifications.denied')}</Warning>}
      {kinds.map((kind) => (
        <CheckField
          key={kind}
          label={t(`notifications.${kind}`)}
          help={t(`notifications.${kind}Help`)}
          isChecked={settings[kind] && permission === 'granted'}
          onChange={(isOn) => void set(kind, isOn)}
        />
      ))}
      {permission === 'default' && <p className="field-help">{t('notifications.willAsk')}</p>}
    </SettingsGroup>
  );
}
