import type { Actor } from '../words/actor.ts';
import { digest } from '../words/digest.ts';
import { refuse, type Refusal } from '../words/refusal.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A command's time; and its receipt, when it was done before. */
export interface Opened {
  readonly at: Date;
  readonly account_id: string | null;
  readonly name: string | null;
  readonly payload_digest: string | null;
  readonly answer: Json;
}

const commandIdReused = () =>
  refuse('CommandIdReused', {
    de: 'Unter dieser Kennung liegt schon eine andere Eingabe vor. Bitte für jede neue Eingabe eine neue Kennung vergeben.',
    en: 'This id belongs to another input. Please use a new id for every new input.',
  });

/** What makes two commands the same: their name and input. */
export const contentOf = ({ name, input }: { readonly name: string; readonly input: unknown }): string =>
  digest({ name, input: input ?? null });

/** The recorded answer of a command that was done before, to whoever sent just that. */
export function recalled<R extends Json>(
  opened: Opened,
  actor: Actor,
  name: string,
  content: string,
): R | Refusal<'CommandIdReused'> {
  const isSame =
    opened.account_id === actor.account && opened.name === name && opened.payload_digest === content;
  return isSame ? (opened.answer as R) : commandIdReused();
}

/** How many commands have finished for this actor: a mutation that wrote past them cannot answer. */
const finished = new WeakMap<Actor, number>();
export const commandsFinished = (actor: Actor): number => finished.get(actor) ?? 0;
export const noteFinished = (actor: Actor): void => void finished.set(actor, commandsFinished(actor) + 1);
