import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../base/app-error.ts';
import { parseConfigDetails, type ConfigDetails } from './config-details.ts';

function parse(document: unknown): ConfigDetails {
  const origin = { name: 'a.test/app:1', malformed: 'image/unsupported' } as const;
  return parseConfigDetails(Buffer.from(JSON.stringify(document)), origin);
}

describe('parseConfigDetails', () => {
  it('reads what people want to know', () => {
    const details = parse({
      author: 'Somebody',
      history: [
        { created: '2024-01-02T03:04:05Z', created_by: 'ADD file', author: 'A' },
        { created_by: 'ENV A=1', comment: 'no layer', empty_layer: true },
      ],
      config: {
        ExposedPorts: { '80/tcp': {}, '53/udp': {} },
        Volumes: { '/data': {} },
        Labels: { a: '1' },
        StopSignal: 'SIGINT',
      },
    });
    expect(details).toEqual({
      author: 'Somebody',
      history: [
        {
          ...{ createdAtMs: Date.UTC(2024, 0, 2, 3, 4, 5), createdBy: 'ADD file', author: 'A' },
          isEmpty: false,
        },
        { createdBy: 'ENV A=1', comment: 'no layer', isEmpty: true },
      ],
      exposedPorts: ['80/tcp', '53/udp'],
      volumes: ['/data'],
      labels: { a: '1' },
      stopSignal: 'SIGINT',
    });
  });

  it.each([
    ['nothing', {}],
    ['null everywhere', { author: null, history: null, config: null }],
    ['null within', { config: { ExposedPorts: null, Volumes: null, Labels: null } }],
    ['what is empty', { author: '', history: [], config: { StopSignal: '' } }],
  ])('takes %s', (_, document) => {
    const nothing = { history: [], exposedPorts: [], volumes: [], labels: {} };
    expect(parse(document)).toEqual(nothing);
  });

  it('cuts what is too long or too many', () => {
    const long = 'x'.repeat(10_000);
    const names = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [String(n), {}]));
    const { author, history, volumes } = parse({
      author: long,
      history: Array.from({ length: 5000 }, () => ({ created_by: long, created: 'never' })),
      config: { Volumes: names },
    });
    expect(author).toHaveLength(4096);
    expect(history).toHaveLength(2000);
    expect(history[0]).toEqual({ createdBy: 'x'.repeat(4096), isEmpty: false });
    expect(volumes).toHaveLength(1000);
  });

  it('changes no object by a label of that name', () => {
    const labels = JSON.parse('{"__proto__":"x","a":"1"}') as unknown;
    expect(parse({ config: { Labels: labels } }).labels).toEqual({ a: '1' });
  });

  it('refuses anything else in words', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        try {
          parse(JSON.parse(text));
        } catch (error) {
          expect(isAppError(error, 'image/unsupported')).toBe(true);
        }
      }),
    );
  });
});
