/** What of an image configuration is for people alone (config.md): no sandbox needs any of it. */
import { z } from 'zod';
import { parseDocument, type DocumentOrigin } from './document.ts';

/** Longer texts are cut, and longer lists: it is a stranger who wrote them. */
const maxTextLength = 4096;
const maxHistory = 2000;
const maxEntries = 1000;

const text = z.string().transform((value) => value.slice(0, maxTextLength));
const optionalText = text.nullish().transform((value) => (value === '' ? undefined : value));
const names = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) =>
    Object.keys(value ?? {})
      .slice(0, maxEntries)
      .map(cut),
  );
const time = z
  .string()
  .nullish()
  .transform((value) => {
    const ms = value ? Date.parse(value) : Number.NaN;
    return Number.isFinite(ms) ? ms : undefined;
  });

const historySchema = z.object({
  created: time,
  created_by: optionalText,
  comment: optionalText,
  author: optionalText,
  empty_layer: z.boolean().nullish(),
});

const detailsSchema = z.object({
  author: optionalText,
  history: z
    .array(z.unknown())
    .nullish()
    .transform((entries) => (entries ?? []).slice(0, maxHistory))
    .pipe(z.array(historySchema)),
  config: z
    .object({
      ExposedPorts: names,
      Volumes: names,
      Labels: z
        .record(z.string(), z.string())
        .nullish()
        .transform((labels) =>
          Object.fromEntries(
            Object.entries(labels ?? {})
              .slice(0, maxEntries)
              .map(([name, value]) => [cut(name), cut(value)]),
          ),
        ),
      StopSignal: optionalText,
    })
    .nullish(),
});

/** A step of the making of an image. */
export interface HistoryStep {
  readonly createdAtMs?: number;
  readonly createdBy?: string;
  readonly comment?: string;
  readonly author?: string;
  /** It made no layer. */
  readonly isEmpty: boolean;
}

/** See the head of this file. */
export interface ConfigDetails {
  readonly author?: string;
  /** The first step first. */
  readonly history: readonly HistoryStep[];
  /** `80/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
}

/** Reads them. Throws the origin's code for what makes no sense. */
export function parseConfigDetails(bytes: Uint8Array, origin: DocumentOrigin): ConfigDetails {
  const { author, history, config } = parseDocument(
    bytes,
    'The configuration',
    detailsSchema,
    origin,
  );
  return {
    ...present({ author, stopSignal: config?.StopSignal }),
    history: history.map((step) => ({
      ...present({
        createdAtMs: step.created,
        createdBy: step.created_by,
        comment: step.comment,
        author: step.author,
      }),
      isEmpty: step.empty_layer === true,
    })),
    exposedPorts: config?.ExposedPorts ?? [],
    volumes: config?.Volumes ?? [],
    labels: config?.Labels ?? {},
  };
}

function cut(value: string): string {
  return value.slice(0, maxTextLength);
}

type Present<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

/** Without what is not there. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Present<T>;
}
