const qualities = [
  'amber',
  'brisk',
  'calm',
  'clear',
  'deep',
  'early',
  'gentle',
  'green',
  'high',
  'keen',
  'light',
  'mild',
  'north',
  'outer',
  'pale',
  'quiet',
  'salt',
  'small',
  'still',
  'warm',
] as const;

const places = [
  'bay',
  'beach',
  'buoy',
  'cape',
  'cove',
  'dune',
  'ebb',
  'fjord',
  'gull',
  'harbor',
  'holm',
  'inlet',
  'kelp',
  'lagoon',
  'reef',
  'shoal',
  'sound',
  'strand',
  'tern',
  'tide',
] as const;

/** A name nobody has yet, like `quiet-cove`; with a number when the words run out. */
export function suggestName(taken: ReadonlySet<string>, random: () => number): string {
  const names = qualities.flatMap((quality) => places.map((place) => `${quality}-${place}`));
  const start = Math.floor(random() * names.length);
  for (let round = 1; ; round += 1) {
    for (let index = 0; index < names.length; index += 1) {
      const word = names[(start + index) % names.length] ?? 'sandbox';
      const name = round === 1 ? word : `${word}-${String(round)}`;
      if (!taken.has(name)) return name;
    }
  }
}
