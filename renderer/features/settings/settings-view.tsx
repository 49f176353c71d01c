import { useTranslation } from 'react-i18next';
import { Page } from '../../ui/page.tsx';

/** Everything that can be set in this window. */
export function SettingsView() {
  const { t } = useTranslation('settings');
  return <Page title={<h1>{t('title')}</h1>}>{null}</Page>;
}
