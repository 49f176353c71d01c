import type { ImageLinks } from '../features/images/image-links.ts';
import { formatRoute } from './routes.ts';

/** Where pages of images lead. */
export const imageLinks: ImageLinks = {
  image: (reference, section) =>
    formatRoute({ page: 'image', reference, ...(section === undefined ? {} : { section }) }),
  create: (image) => formatRoute({ page: 'create', image }),
  sandbox: (name) => formatRoute({ page: 'sandbox', name }),
};
