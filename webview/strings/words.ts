/** A whole number as it is read in a sentence. */
export const count = (n: number) => n.toLocaleString("en");

export const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`;

/** A label as it stands after a comma. */
export const inSentence = (label: string) => label.toLowerCase();

export const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
