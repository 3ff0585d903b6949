import { Injectable } from '@nestjs/common';
import type { Actor, Db, Json, Place, Refusal, Text, Tx } from '../../platform/index.ts';
import type { FactValue } from '../definition/definition.rules.ts';
import type { GuardCall } from '../definition/guard.rules.ts';
import type { ProcessRow } from './process.rules.ts';

/** What the rooms above have registered, as far as a definition may name it. */
export interface Vocabulary {
  readonly facts: ReadonlyMap<string, { readonly type: 'int' | 'bool' | 'text' | 'id' }>;
  readonly effects: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  /** Function codes that somebody can hold. Undefined: not checked (no authority is registered yet). */
  readonly functions: ReadonlySet<string> | undefined;
  /** Those that one person at a time holds at a place, so that the same person could be asked for four eyes. */
  readonly single?: ReadonlySet<string>;
}

/** The step on its way, as facts and effects see it. */
export interface StepAsked {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
/** The step that is being taken. */
export interface StepContext extends StepAsked {
  readonly seq: number;
  readonly at: Date;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Something a guard may ask about a process. */
export interface Fact {
  readonly type: 'int' | 'bool' | 'text' | 'id';
  /** It depends on the step's payload: asked only when the step is really taken. */
  readonly ofPayload?: true;
  /** The action whose permission it takes to be told the value; others learn only that the condition does not hold. */
  readonly toldWith?: string;
  /** One query for all processes; one that is missing in the answer has no value. */
  load(db: Db, processes: readonly ProcessRow[], step?: StepAsked): Promise<ReadonlyMap<string, FactValue>>;
  /** How the value reads in a sentence; by default as it is. */
  show?(value: FactValue): Text;
}

/** What a step does beside moving: in its transaction, after the guards, before the log is written. */
export interface Effect {
  /**
   * It writes rows of its own process only, without entities, and locks nothing but what says who may: the step may share a
   * transaction with steps of other processes.
   */
  readonly isOwn?: true | undefined;
  /** Ids, hashes and numbers returned are recorded in the log; a refusal takes the whole command back. */
  apply(
    tx: Tx,
    process: ProcessRow,
    params: Readonly<Record<string, FactValue>>,
    step: StepContext,
  ): Promise<Json | Refusal | undefined | void>;
}

export interface Holder {
  readonly personId: string;
  readonly name: string;
  readonly postId: string | null;
  readonly as: 'HOLDER' | 'DEPUTY' | 'INTERIM';
}

/** Who holds which function where, today. */
export interface Authority {
  /** Every function code that can be held. */
  readonly functions: ReadonlySet<string>;
  /** What people call a function. */
  nameOf(functionCode: string): Text;
  /** Those of them that only one person at a time holds at a place. */
  readonly single?: ReadonlySet<string>;
  /** The codes the actor holds at each place, in the order asked; read fresh. */
  functionsAt(db: Db, actor: Actor, places: readonly Place[]): Promise<readonly ReadonlySet<string>[]>;
  holders(db: Db, functionCode: string, place: Place): Promise<readonly Holder[]>;
  /** Whom the actor represents when acting in these functions as a deputy, in the order asked. */
  onBehalfOf?(
    db: Db,
    actor: Actor,
    asked: readonly { readonly function: string; readonly place: Place }[],
  ): Promise<readonly (string | null)[]>;
  /** Whether the actor may do at each place what is no step of a process, such as moving it to another definition. */
  may(db: Db, actor: Actor, action: string, places: readonly Place[]): Promise<readonly boolean[]>;
}

/**
 * Where higher rooms hand the engine what it must not know. Closed: a definition may name nothing else, looked up in
 * maps, so that no name finds its way to a prototype. Register in `onModuleInit`; the boot then checks the shipped
 * definitions against it.
 */
@Injectable()
export class EngineRegistry implements Vocabulary {
  readonly facts = new Map<string, Fact>();
  readonly #effects = new Map<string, Effect>();
  readonly guardCalls = new Map<string, GuardCall>();
  #authority: Authority | undefined;

  registerFacts(facts: Readonly<Record<string, Fact>>): void {
    add(this.facts, facts);
  }

  registerEffects(effects: Readonly<Record<string, Effect>>): void {
    add(this.#effects, effects);
  }

  registerCalls(calls: Readonly<Record<string, GuardCall>>): void {
    add(this.guardCalls, calls);
  }

  registerAuthority(authority: Authority): void {
    if (this.#authority) throw new Error('An authority is registered already.');
    this.#authority = authority;
  }

  effect(name: string): Effect {
    const effect = this.#effects.get(name);
    if (!effect) throw new Error(`Effect ${name} is not registered`);
    return effect;
  }

  get authority(): Authority {
    if (!this.#authority) throw new Error('No authority is registered: nobody could take a step.');
    return this.#authority;
  }

  get effects(): ReadonlySet<string> {
    return new Set(this.#effects.keys());
  }

  get calls(): ReadonlySet<string> {
    return new Set(this.guardCalls.keys());
  }

  get single(): ReadonlySet<string> {
    return this.authority.single ?? new Set();
  }

  get functions(): ReadonlySet<string> {
    return new Set([...this.authority.functions, 'SYS']);
  }
}

function add<T>(to: Map<string, T>, entries: Readonly<Record<string, T>>): void {
  for (const [name, entry] of Object.entries(entries)) {
    if (to.has(name)) throw new Error(`${name} is registered twice`);
    to.set(name, entry);
  }
}
