/** The pages and their addresses: after the hash, so that every host serves one file. Pure. */

/** The parts of a sandbox's page besides the overview. */
export const sandboxSections = [
  ...(['network', 'files', 'logs', 'stats', 'commands', 'snapshots', 'config'] as const),
] as const;

/** See {@link sandboxSections}. */
export type SandboxSection = (typeof sandboxSections)[number];

/** A page of the window. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'create'; readonly image?: string }
  | {
      readonly page: 'sandbox';
      readonly name: string;
      readonly section?: SandboxSection;
      /** Of files: the directory or file that is shown. */
      readonly path?: string;
    }
  | { readonly page: 'edit'; readonly name: string }
  | { readonly page: 'images' }
  | {
      readonly page: 'image';
      readonly reference: string;
      readonly section?: 'layers' | 'history' | 'sandboxes';
    }
  | { readonly page: 'disk' }
  /** With a registry: the form of that one is open. */
  | { readonly page: 'registries'; readonly registry?: string }
  | { readonly page: 'volumes' }
  | { readonly page: 'host' }
  | { readonly page: 'settings' }
  | { readonly page: 'tasks' };

/** The address of a page, for a link. */
export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'home':
      return '#/';
    case 'create':
      return route.image === undefined
        ? '#/new'
        : `#/new?${new URLSearchParams({ image: route.image }).toString()}`;
    case 'sandbox':
      return (
        [`#/sandboxes/${encodeURIComponent(route.name)}`, route.section]
          .filter((part) => part !== undefined)
          .join('/') +
        (route.path === undefined ? '' : `?${new URLSearchParams({ path: route.path }).toString()}`)
      );
    case 'edit':
      return `#/sandboxes/${encodeURIComponent(route.name)}/edit`;
    case 'image':
      return [`#/images/${encodeURIComponent(route.reference)}`, route.section]
        .filter((part) => part !== undefined)
        .join('/');
    case 'registries':
      return route.registry === undefined
        ? '#/registries'
        : `#/registries?${new URLSearchParams({ registry: route.registry }).toString()}`;
    case 'images':
    case 'disk':
    case 'volumes':
    case 'host':
    case 'settings':
    case 'tasks':
      return `#/${route.page}`;
  }
}

/** The page of an address; the home page where there is none such. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [first = '', second = '', third] = path.split('/').filter((part) => part !== '');
  switch (first) {
    case 'new': {
      const image = new URLSearchParams(query).get('image');
      return image === null ? { page: 'create' } : { page: 'create', image };
    }
    case 'sandboxes': {
      const name = decode(second);
      if (name === undefined) return { page: 'home' };
      if (third === 'edit') return { page: 'edit', name };
      const section = sandboxSections.find((known) => known === third);
      const filePath = new URLSearchParams(query).get('path');
      return {
        ...{ page: 'sandbox', name },
        ...(section === undefined ? {} : { section }),
        ...(section !== 'files' || filePath === null ? {} : { path: filePath }),
      };
    }
    case 'images': {
      const reference = decode(second);
      if (reference === undefined) return { page: 'images' };
      const isSection = third === 'layers' || third === 'history' || third === 'sandboxes';
      return { page: 'image', reference, ...(isSection ? { section: third } : {}) };
    }
    case 'registries': {
      const registry = new URLSearchParams(query).get('registry');
      return registry === null ? { page: 'registries' } : { page: 'registries', registry };
    }
    case 'disk':
    case 'volumes':
    case 'host':
    case 'settings':
    case 'tasks':
      return { page: first };
    default:
      return { page: 'home' };
  }
}

function decode(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
