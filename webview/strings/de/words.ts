/** A narrow space between thousands: a comma or a point would be read as the decimal sign of one language or the other. */
export const count = (n: number) => n.toLocaleString("en").replaceAll(",", "\u202f");

export const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;

/** Labels that are adjectives: nouns keep their capital anywhere. */
const adjective = /^(Distributionell|Kausal|Euklidisch)\b/;

export const inSentence = (label: string) =>
  adjective.test(label) ? label.slice(0, 1).toLowerCase() + label.slice(1) : label;
