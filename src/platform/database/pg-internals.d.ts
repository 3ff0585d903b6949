/** How pg turns JavaScript's values into the text that a parameter carries. */
declare module 'pg/lib/utils.js' {
  export function prepareValue(value: unknown): string | Buffer | null;
}
