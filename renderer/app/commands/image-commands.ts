import { Brush, FileInput, Hammer, HardDrive, ShieldCheck } from 'lucide-react';
import type { SkerryClient } from '../../bridge/connection.ts';
import { checkStore } from '../../features/images/image-actions.ts';
import { askImage } from '../../features/images/image-store.ts';
import { translate } from '../../words/language.ts';
import { navigate } from '../use-route.ts';
import type { Command } from './command.ts';

/** What can be done to images as a whole. */
export function imageCommands(client: SkerryClient): Command[] {
  return [
    ...(
      [
        ['import', FileInput],
        ['build', Hammer],
        ['prune', Brush],
      ] as const
    ).map(([kind, icon]) => ({
      id: `images.${kind}`,
      group: 'images' as const,
      icon,
      label: translate(`app:commands.images.${kind}`),
      run: () => {
        askImage({ kind });
      },
    })),
    {
      id: 'images.check',
      group: 'images',
      icon: ShieldCheck,
      label: translate('app:commands.images.check'),
      run: () => {
        // What fails is shown on the page of images.
        navigate({ page: 'images' });
        void checkStore(client, false);
      },
    },
    {
      id: 'page.disk',
      group: 'images',
      icon: HardDrive,
      label: translate('app:pages.disk'),
      run: () => {
        navigate({ page: 'disk' });
      },
    },
  ];
}
