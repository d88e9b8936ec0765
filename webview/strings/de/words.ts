/** A narrow space between thousands: a comma or a point would be read as the decimal sign of one language or the other. */
export const count = (n: number) => n.toLocaleString("en").replaceAll(",", "\u202f");

export const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;

/** Nouns keep their capital anywhere, and labels begin with them. */
export const inSentence = (label: string) => label;
