/** How many of something, as a sentence says it: `howMany(n, 'ein Fehler', 'Fehler')` is "ein Fehler" or "3 Fehler". */
export const howMany = (n: number, one: string, many: string): string => (n === 1 ? one : `${n} ${many}`);
