/** A table of texts in another language: the same keys, and functions of the same figures. */
export type Translated<Texts> = Texts extends string
  ? string
  : Texts extends (...given: infer Given) => string
    ? (...given: Given) => string
    : { readonly [Key in keyof Texts]: Translated<Texts[Key]> };
