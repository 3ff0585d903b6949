import type { Language } from './text.ts';

/** Where a function is held or asked for. The ids are opaque here: a unit, a series of processes, one process. */
export interface Place {
  readonly unitId?: string;
  readonly seriesId?: string;
  readonly processId?: string;
}

export interface HeldPost {
  readonly postId: string;
  readonly unitId: string;
  readonly level: string;
  readonly isManagement: boolean;
  readonly as: 'HOLDER' | 'DEPUTY' | 'INTERIM';
}

/**
 * Who is asking: a frozen value, made afresh for each request. `identity` names account and person, higher rooms
 * add the posts and the functions; nothing here is looked up later.
 */
export interface Actor {
  readonly tenant: string;
  readonly account: string;
  readonly person: string;
  readonly name: string;
  readonly language: Language;
  readonly posts: readonly HeldPost[];
  /** The function codes held at a place today, those inherited from superior units included. */
  functionsAt(place?: Place): ReadonlySet<string>;
  /** The codes held at any place at all: what a menu is shown from, never what decides. */
  functionsAnywhere?(): ReadonlySet<string>;
  /** When the sign-in ends; a request is over by then, a stream ends with it. */
  readonly until?: Date;
  readonly system?: true;
}

const nobody = '00000000-0000-4000-8000-000000000000';
const systemFunctions: ReadonlySet<string> = new Set(['SYS']);

/** The clockwork of one administration: due and automatic steps are ordinary commands by it. */
export function systemActor(tenant: string): Actor {
  return Object.freeze({
    tenant,
    account: nobody,
    person: nobody,
    name: 'Offenes Amt',
    language: 'de' as const,
    posts: [],
    functionsAt: () => systemFunctions,
    system: true as const,
  });
}
