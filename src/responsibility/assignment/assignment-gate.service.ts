import { Injectable } from '@nestjs/common';
import { Engine } from '../../engine/index.ts';
import { found, type Db, type Tx } from '../../platform/index.ts';
import type { Choice, Line, Stage } from './assignment.rules.ts';
import type { PostPlace } from '../functions/functions.rules.ts';
import { Functions } from '../functions/functions.service.ts';
import { allows } from '../functions/permission.rules.ts';
import { Register, type RecordedLine } from './register.service.ts';

/** Which assignments: by id, or all of one rule; and of them which codes. */
export interface Chosen {
  readonly assignmentIds?: readonly string[] | null | undefined;
  readonly ruleId?: string | null | undefined;
  readonly codes?: readonly string[] | null | undefined;
}

/** What was chosen, locked and read. */
export interface ChosenLines {
  /** What was named, chosen or not: all lines of a rule. */
  readonly about: readonly RecordedLine[];
  /** All lines of the units concerned. */
  readonly lines: readonly RecordedLine[];
  readonly mine: readonly RecordedLine[];
  readonly choice: Choice;
}

/** What a step leaves, as the receipt keeps it: how many criteria and fields, and the first hundred assignments. */
export type StepReceipt = { readonly assignmentIds: readonly string[]; readonly count: number };

const theAssignment = { de: 'Die Zuweisung', en: 'The assignment' };
const none: ReadonlySet<string> = new Set();

/** What every step of an assignment begins with: lock, read, ask. */
@Injectable()
export class AssignmentGate {
  readonly #engine: Engine;
  readonly #functions: Functions;
  readonly #register: Register;

  constructor(engine: Engine, functions: Functions, register: Register) {
    this.#engine = engine;
    this.#functions = functions;
    this.#register = register;
  }

  /** Processes first, then the register: the order in which every command locks. */
  async lock(tx: Tx, unitIds: readonly string[]): Promise<void> {
    await this.#engine.lockScopes(tx, unitIds);
    await this.#register.lock(tx);
  }

  /**
   * Locks what is chosen and reads it, with all lines of the units concerned. Of a rule only what is at `stage` is
   * chosen, and of proposals only those to the asker's posts: others' units are not even locked.
   */
  async choose(tx: Tx, { assignmentIds, ruleId, codes }: Chosen, stage?: Stage): Promise<ChosenLines> {
    const ids = new Set(assignmentIds);
    const own = new Set((await this.#functions.postsOf(tx, tx.actor.person)).map(({ postId }) => postId));
    const isDue = (line: RecordedLine) =>
      line.ruleId === ruleId && line.stage === stage && (stage !== 'PROPOSED' || own.has(line.postId));
    const isChosen = (line: RecordedLine) => (ruleId ? isDue(line) : ids.has(line.assignmentId));
    const about = await (ruleId
      ? this.#register.ofRule(tx, ruleId, tx.today)
      : this.#register.ofAssignments(tx, [...ids], tx.today));
    found(about[0], theAssignment);
    const unitIds = unitsOf(about.filter(isChosen));
    await this.lock(tx, unitIds);
    const first = about.reduce((day, { validFrom }) => (validFrom < day ? validFrom : day), tx.today);
    const lines = await this.#register.ofUnits(tx, unitIds, { on: first });
    const mine = lines.filter(
      (line) => isChosen(line) && (!codes || line.subjects.some((one) => codes.includes(one))),
    );
    const chosen = new Set(mine.map(({ assignmentId }) => assignmentId));
    if (!ruleId && chosen.size < ids.size) found(undefined, theAssignment);
    return { about, lines, mine, choice: { assignmentIds: chosen, ...(codes && { subjects: codes }) } };
  }

  /** Whether the asker may do it at all the places. */
  async may(db: Db, action: string, places: readonly PostPlace[]): Promise<boolean> {
    if (db.actor.system) return allows(action, new Set(['SYS']), none);
    const held = await this.#functions.capacities(db, db.actor.person, places);
    return held.every((functions) => allows(action, new Set(functions.keys()), none));
  }

  /** Whether all the lines are the asker's to answer: at the post named, or as the head where nobody is. */
  async areTheirs(tx: Tx, lines: readonly RecordedLine[]): Promise<boolean> {
    const asked = new Map(lines.map(({ unitId, postId }) => [`${unitId} ${postId}`, { unitId, postId }]));
    const postIds = new Set(lines.map(({ postId }) => postId));
    const vacant = await this.#functions.vacantForAWorkingDay(tx, [...postIds]);
    const places = [...asked.values()].map((one) => ({ ...one, postIsVacant: vacant.has(one.postId) }));
    return this.may(tx, 'assignment.answer', places);
  }

  /** Those of the persons who count as the asker under four eyes. */
  async countAsAsker(tx: Tx, personIds: Iterable<string | null>): Promise<ReadonlySet<string>> {
    const one = new Set<string>();
    for (const personId of new Set(personIds))
      if (personId && (await this.#functions.countAsOne(tx, tx.actor.person, personId))) one.add(personId);
    return one;
  }
}

export const unitsOf = (lines: readonly Line[]): string[] => [...new Set(lines.map(({ unitId }) => unitId))];

/** The receipt of a step: what reached the stage by it. */
export function receiptOf(written: readonly Line[], stage: Stage): StepReceipt {
  const reached = written.filter((line) => line.stage === stage);
  return {
    assignmentIds: reached.slice(0, 100).map(({ assignmentId }) => assignmentId),
    count: reached.reduce((sum, { subjects }) => sum + subjects.length, 0),
  };
}
