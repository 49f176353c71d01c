/** The same keys, each with words of another language: one that is missing is an error of types. */
export type Translated<Words> = {
  readonly [Key in keyof Words]: Words[Key] extends string ? string : Translated<Words[Key]>;
};
