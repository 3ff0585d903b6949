import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import {
  Commands,
  found,
  refuse,
  type Actor,
  type CommandRefusal,
  type Refusal,
  type Tx,
} from '../../platform/index.ts';
import { fault, isStopping, type ImportFault } from '../plan/import-fault.rules.ts';
import { Plans } from '../change/plans.service.ts';
import {
  holderCode,
  type Capacity,
  type HolderFacts,
  type Level,
  type Plan,
  type Stated,
  type Statement,
  type Thing,
  type UnitFacts,
} from '../plan/plan.rules.ts';
import { holdsOn } from '../plan/timeline.rules.ts';

export interface StaffingCommand {
  readonly commandId: string;
  /** First day on which it is so; today when not given. */
  readonly from?: string | null | undefined;
}
export type StaffingRefusal = Refusal<'InvalidInput'> | CommandRefusal;

/** How a unit is classified; what is left out stays. */
export interface Classification {
  readonly name?: string | null | undefined;
  readonly level?: Level | null | undefined;
  readonly kind?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly headcount?: number | null | undefined;
}

/**
 * Single changes HR makes between imports. Each is a statement about one thing and goes the way of every change. Each
 * returns the id of the unit or post, or refuses with InvalidInput when the plan would not fit together.
 * @throws ClientError NOT_FOUND when the unit, post or person is not there
 */
@Injectable()
export class Staffing {
  readonly #commands: Commands;
  readonly #plan: Plans;
  readonly #persons: Persons;

  constructor(commands: Commands, plan: Plans, persons: Persons) {
    this.#commands = commands;
    this.#plan = plan;
    this.#persons = persons;
  }

  /** Moves a unit with all below it under another unit. */
  moveUnit(
    actor: Actor,
    input: StaffingCommand & { unitId: string; underId: string },
  ): Promise<string | StaffingRefusal> {
    return this.#change(actor, 'moveUnit', input, input.unitId, (plan, day) => {
      const parentCode = thing(plan.units, input.underId, unitWords).code;
      return statedUnit(plan, input.unitId, day, (facts) => ({ ...facts, parentCode }));
    });
  }

  classifyUnit(
    actor: Actor,
    input: StaffingCommand & Classification & { unitId: string },
  ): Promise<string | StaffingRefusal> {
    return this.#change(actor, 'classifyUnit', input, input.unitId, (plan, day) =>
      statedUnit(plan, input.unitId, day, (facts) => ({
        name: input.name ?? facts.name,
        parentCode: facts.parentCode,
        level: input.level ?? facts.level,
        kind: input.kind ?? facts.kind,
        tags: input.tags ?? facts.tags,
        headcount: input.headcount ?? facts.headcount,
      })),
    );
  }

  /** States how many people work in each of the units; returns the first one's id. */
  stateHeadcounts(
    actor: Actor,
    input: StaffingCommand & { headcounts: readonly { unitId: string; headcount: number }[] },
  ): Promise<string | StaffingRefusal> {
    return this.#change(actor, 'stateHeadcounts', input, input.headcounts[0]?.unitId ?? '', (plan, day) => {
      const stated = input.headcounts.map(({ unitId, headcount }) =>
        statedUnit(plan, unitId, day, (facts) => ({ ...facts, headcount })),
      );
      return { units: { rows: stated.flatMap(({ units }) => units?.rows ?? []), complete: false } };
    });
  }

  /** Ends a unit, with `from` the first day on which it no longer is. Units and posts below it must have gone before. */
  endUnit(actor: Actor, input: StaffingCommand & { unitId: string }): Promise<string | StaffingRefusal> {
    return this.#change(actor, 'endUnit', input, input.unitId, (plan, day) =>
      statedUnit(plan, input.unitId, day, (facts) => facts, day),
    );
  }

  /** Puts a person at a post; for HOLDER and INTERIM, whoever was there in that capacity leaves on that day. */
  appointHolder(
    actor: Actor,
    input: StaffingCommand & {
      postId: string;
      personId: string;
      as: Capacity;
      until?: string | null | undefined;
    },
  ): Promise<string | StaffingRefusal> {
    return this.#change(actor, 'appointHolder', input, input.postId, async (plan, day, tx) => {
      const postNo = thing(plan.posts, input.postId, postWords).code;
      const personKey = await this.#personKey(tx, input.personId);
      const facts = { postNo, personKey, as: input.as };
      if (input.until && input.until <= day)
        return [fault('BAD_PERIOD', { ...byHand, field: 'until' }, day, input.until)];
      const gone = atPost(plan, postNo, day).filter(
        (held) => held.facts.personKey === personKey || (held.facts.as === input.as && input.as !== 'DEPUTY'),
      );
      const appointed = { code: holderCode(facts), facts, from: day, until: input.until ?? null, at: byHand };
      return { holders: { rows: [...gone.map((held) => ended(held, day)), appointed], complete: false } };
    });
  }

  /** Takes a person, or everybody, from a post: it is vacant from that day on. */
  vacatePost(
    actor: Actor,
    input: StaffingCommand & { postId: string; personId?: string | null | undefined },
  ): Promise<string | StaffingRefusal> {
    return this.#change(actor, 'vacatePost', input, input.postId, async (plan, day, tx) => {
      const postNo = thing(plan.posts, input.postId, postWords).code;
      const key = input.personId && (await this.#personKey(tx, input.personId));
      const gone = atPost(plan, postNo, day).filter(({ facts }) => !key || facts.personKey === key);
      return { holders: { rows: gone.map((held) => ended(held, day)), complete: false } };
    });
  }

  async #personKey(tx: Tx, personId: string): Promise<string> {
    const person = (await this.#persons.records(tx, [personId])).get(personId);
    return found(person, { de: 'Person', en: 'Person' }).personKey;
  }

  async #change(
    actor: Actor,
    name: string,
    { commandId, ...input }: StaffingCommand,
    id: string,
    state: (plan: Plan, day: string, tx: Tx) => Stating | Promise<Stating>,
  ): Promise<string | StaffingRefusal> {
    return this.#commands.run(actor, { name, commandId, input }, async (tx) => {
      tx.permit(this.#plan.mayChange(actor));
      await this.#plan.lock(tx);
      const day = input.from ?? tx.today;
      const stated = await state(await this.#plan.load(tx), day, tx);
      if (isFaults(stated)) return invalid(stated);
      const draft = await this.#plan.draft(tx, stated, day, name);
      const faults = draft.faults.filter(isStopping);
      if (faults.length) return invalid(faults);
      await this.#plan.write(tx, draft);
      return id;
    });
  }
}

/** What a command states about the plan, or what is wrong with it. */
type Stating = Statement | readonly ImportFault[];
const isFaults = (stating: Stating): stating is readonly ImportFault[] => Array.isArray(stating);

const byHand = { file: 'input' };
const unitWords = { de: 'Einheit', en: 'Unit' };
const postWords = { de: 'Stelle', en: 'Post' };

function thing<F>(
  things: ReadonlyMap<string, Thing<F>>,
  id: string,
  words: { de: string; en: string },
): Thing<F> {
  return found(
    [...things.values()].find((one) => one.id === id),
    words,
  );
}

/** The unit with changed facts from a day on; what is planned for later stays, unless the unit ends. */
function statedUnit(
  plan: Plan,
  id: string,
  day: string,
  change: (facts: UnitFacts) => UnitFacts,
  end?: string,
): Statement {
  const unit = thing(plan.units, id, unitWords);
  const now = found(
    unit.versions.find((span) => holdsOn(span, day)),
    unitWords,
  );
  const later = end ? [] : unit.versions.filter(({ from }) => from > day);
  const versions = [{ facts: change(now.facts), from: day, until: end ?? now.until }, ...later];
  const rows = versions.map(({ facts, from, until }) => ({
    code: unit.code,
    facts,
    from,
    until,
    predecessorCodes: [],
    at: byHand,
  }));
  return { units: { rows, complete: false } };
}

/** Who is at a post on a day, with the whole period. */
function atPost(plan: Plan, postNo: string, day: string): Stated<HolderFacts>[] {
  return [...plan.holders.values()].flatMap(({ code, versions }) =>
    versions
      .filter((version) => version.facts.postNo === postNo && holdsOn(version, day))
      .map(({ facts, from, until }) => ({ code, facts, from, until, at: byHand })),
  );
}

const ended = (held: Stated<HolderFacts>, day: string): Stated<HolderFacts> => ({ ...held, until: day });

function invalid(faults: readonly ImportFault[]): Refusal<'InvalidInput'> {
  const message = {
    de: 'So passt der Plan nicht zusammen. Nichts wurde geändert.',
    en: 'The plan would not fit together. Nothing was changed.',
  };
  return refuse('InvalidInput', message, {
    faults: faults.map(({ field, file, message: sentence }) => ({ path: field ?? file, message: sentence })),
  });
}
