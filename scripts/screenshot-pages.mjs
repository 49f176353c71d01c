/** The pages of the window for `npm run screenshots`: their addresses, and what is done there first. */

const sandbox = (section) => `#/sandboxes/web-api${section === '' ? '' : `/${section}`}`;

/**
 * @type {readonly {
 *   name: string,
 *   hash: string,
 *   isFirstRun?: boolean,
 *   scene?: 'empty' | 'some' | 'many',
 *   prepare?: (page: import('@playwright/test').Page) => Promise<void>,
 * }[]}
 */
export const pages = [
  { name: 'first-run', hash: '#/', isFirstRun: true },
  { name: 'first-window', hash: '#/', scene: 'empty' },
  { name: 'home', hash: '#/' },
  { name: 'home-many', hash: '#/', scene: 'many' },
  { name: 'create', hash: '#/new' },
  { name: 'sandbox', hash: sandbox('') },
  { name: 'network', hash: sandbox('network') },
  { name: 'files', hash: sandbox('files') },
  { name: 'logs', hash: sandbox('logs') },
  { name: 'stats', hash: sandbox('stats') },
  { name: 'commands', hash: sandbox('commands') },
  { name: 'config', hash: sandbox('config') },
  { name: 'edit', hash: sandbox('edit') },
  { name: 'images', hash: '#/images' },
  { name: 'image', hash: `#/images/${encodeURIComponent('python:3.12')}/layers` },
  { name: 'disk', hash: '#/disk' },
  { name: 'registries', hash: '#/registries' },
  { name: 'volumes', hash: '#/volumes' },
  { name: 'host', hash: '#/host' },
  { name: 'settings', hash: '#/settings' },
  { name: 'tasks', hash: '#/tasks' },
];
