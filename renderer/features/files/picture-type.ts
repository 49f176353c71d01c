const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  ico: 'image/x-icon',
  svg: 'image/svg+xml',
};

/** The media type of a picture that the window can show, by its name; undefined for any other file. */
export function pictureType(name: string): string | undefined {
  return types[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
}
