import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from './routes.ts';

describe('routes', () => {
  it.each<[Route, string]>([
    [{ page: 'home' }, '#/'],
    [{ page: 'create' }, '#/new'],
    [
      { page: 'create', image: 'localhost:5000/a/b@sha256:0' },
      '#/new?image=localhost%3A5000%2Fa%2Fb%40sha256%3A0',
    ],
    [{ page: 'sandbox', name: 'web-api.1' }, '#/sandboxes/web-api.1'],
    [{ page: 'sandbox', name: 'a', section: 'network' }, '#/sandboxes/a/network'],
    [{ page: 'edit', name: 'a' }, '#/sandboxes/a/edit'],
    [{ page: 'images' }, '#/images'],
    [{ page: 'image', reference: 'localhost:5000/a/b:1' }, '#/images/localhost%3A5000%2Fa%2Fb%3A1'],
    [{ page: 'image', reference: 'alpine', section: 'layers' }, '#/images/alpine/layers'],
    [{ page: 'disk' }, '#/disk'],
    [{ page: 'registries' }, '#/registries'],
    [
      { page: 'registries', registry: 'registry.example:5000' },
      '#/registries?registry=registry.example%3A5000',
    ],
    [{ page: 'host' }, '#/host'],
    [{ page: 'tasks' }, '#/tasks'],
  ])('%o is at %s', (route, address) => {
    expect(formatRoute(route)).toBe(address);
    expect(parseRoute(address)).toEqual(route);
  });

  it.each(['', '#', '#/nowhere', '#/sandboxes', '#/sandboxes/', '#/sandboxes/%E0%A4%A'])(
    'goes home from %j',
    (address) => {
      expect(parseRoute(address)).toEqual({ page: 'home' });
    },
  );
});
