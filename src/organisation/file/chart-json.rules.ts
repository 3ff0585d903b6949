import type { JsonValue } from './json.rules.ts';

export type JsonObject = Map<string, JsonValue>;

/** The text under a name, blanks made one; empty where there is none. */
export function textOf(object: JsonObject, name: string): string {
  const value = object.get(name);
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}

export const nameOf = (box: JsonObject): string =>
  textOf(box, 'name') || textOf(box, 'altName') || textOf(box, 'type');

export function objectsOf(object: JsonObject, name: string): JsonObject[] {
  const list = object.get(name);
  return Array.isArray(list) ? list.filter((item): item is JsonObject => item instanceof Map) : [];
}

/**
 * The codes of what a chart names, each once. A box has its own id from the tool; only departments have none and go by
 * the last part of their web address. A copied box keeps the address of its model, so an address alone says little.
 */
export class ChartCodes {
  /** The name of the box that has a code or an address first. */
  readonly #boxes = new Map<string, string>();
  readonly #addresses = new Map<string, string>();
  readonly #postNos = new Set<string>();

  /** The box's code, and the name of the box whose address it shares. `position` serves where the tool gave nothing. */
  ofBox(box: JsonObject, name: string, position: string): { code: string; sharedWith: string | undefined } {
    const address = addressOf(box);
    const sharedWith = address && this.#addresses.get(address);
    if (address && sharedWith === undefined) this.#addresses.set(address, name);
    const code = this.#free(short(textOf(box, 'id')) ?? short(address) ?? position);
    this.#boxes.set(code, name);
    return { code, sharedWith };
  }

  /** A copied box keeps the addresses of its positions, too: the second one takes the number `otherwise`. */
  ofPosition(position: JsonObject, otherwise: string): string {
    const own = short(addressOf(position)) ?? short(textOf(position, 'id'));
    const postNo = own && !this.#postNos.has(own) ? own : otherwise;
    this.#postNos.add(postNo);
    return postNo;
  }

  ofPerson(person: JsonObject): string | undefined {
    return short(addressOf(person)) ?? short(textOf(person, 'id'));
  }

  #free(code: string): string {
    if (!this.#boxes.has(code)) return code;
    for (let number = 2; ; number += 1) if (!this.#boxes.has(`${code}~${number}`)) return `${code}~${number}`;
  }
}

/** The last part of a thing's web address. */
function addressOf(object: JsonObject): string | undefined {
  const address = object.get('uri');
  const uri = address instanceof Map ? textOf(address, 'uri') : textOf(object, 'uri');
  return uri.split('/').at(-1) || undefined;
}

const short = (code: string | undefined): string | undefined =>
  code && code.length <= 56 ? code : undefined;
