export const plural = (n: number, one: string, many: string) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
