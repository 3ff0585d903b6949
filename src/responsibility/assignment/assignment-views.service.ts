import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import { Organisation, type PostOnDay, type UnitNode } from '../../organisation/index.ts';
import { Reads, type Actor, type Db } from '../../platform/index.ts';
import { stateOn, type AssignmentState } from './assignment.rules.ts';
import { Register, type OnDay, type RecordedLine } from './register.service.ts';
import { RuleStore, type StoredRule } from './rule-store.service.ts';

export interface PersonShown {
  readonly id: string;
  readonly displayName: string;
}

/** An assignment as it is shown, with unit, post, rule and names; `unitId` and `postId` say where it belongs. */
export interface AssignmentShown extends Omit<
  RecordedLine,
  'id' | 'proposedBy' | 'acceptedBy' | 'confirmedBy'
> {
  readonly id: string;
  readonly codes: readonly string[];
  readonly unit: UnitNode;
  readonly post: PostOnDay | null;
  readonly state: AssignmentState;
  readonly vacantSince: string | null;
  readonly rule: StoredRule | null;
  readonly proposedBy: PersonShown | null;
  readonly acceptedBy: PersonShown | null;
  readonly confirmedBy: PersonShown | null;
}

/** Puts lines of the register together with units, posts, rules and names: one read each, however many lines. */
@Injectable()
export class AssignmentViews {
  readonly #reads: Reads;
  readonly #organisation: Organisation;
  readonly #persons: Persons;
  readonly #register: Register;
  readonly #rules: RuleStore;

  constructor(
    reads: Reads,
    organisation: Organisation,
    persons: Persons,
    register: Register,
    rules: RuleStore,
  ) {
    this.#reads = reads;
    this.#organisation = organisation;
    this.#persons = persons;
    this.#register = register;
    this.#rules = rules;
  }

  /** Assignments by id as they stand now, in the order asked; what a command's receipt names. */
  async byIds(actor: Actor, assignmentIds: readonly string[]): Promise<AssignmentShown[]> {
    const db = await this.#reads.db(actor);
    const shown = await this.of(db, await this.#register.ofAssignments(db, assignmentIds, '0001-01-01'), {
      on: db.today,
    });
    return assignmentIds.flatMap((id) => shown.filter((one) => one.id === id));
  }

  /** Lines as they stand on a day. Lines of units that do not exist on it are left out. */
  async of(db: Db, lines: readonly RecordedLine[], day: OnDay): Promise<AssignmentShown[]> {
    if (lines.length === 0) return [];
    const postIds = [...new Set(lines.map(({ postId }) => postId))];
    const tree = await this.#organisation.tree(db, day);
    const posts = new Map(
      (await this.#organisation.posts(db, { ...day, ids: postIds })).map((post) => [post.id, post]),
    );
    const vacant = await this.#organisation.vacantSince(db, postIds, day);
    const rules = await this.#rules.of(db, [...new Set(lines.flatMap(({ ruleId }) => ruleId ?? []))]);
    const person = await this.persons(
      db,
      lines.flatMap(({ proposedBy, acceptedBy, confirmedBy }) => [proposedBy, acceptedBy, confirmedBy]),
    );
    return lines.flatMap((line) => {
      const unit = tree.node(line.unitId);
      if (!unit) return [];
      const post = posts.get(line.postId) ?? null;
      return {
        ...line,
        id: line.assignmentId,
        codes: line.subjects,
        unit,
        post,
        state: stateOn(line, day.on, staffingOf(post)),
        vacantSince: vacant.get(line.postId) ?? null,
        rule: rules.get(line.ruleId ?? '') ?? null,
        proposedBy: person(line.proposedBy),
        acceptedBy: person(line.acceptedBy),
        confirmedBy: person(line.confirmedBy),
      };
    });
  }

  /** Names for ids, read at once; null stays null. */
  async persons(db: Db, ids: readonly (string | null)[]): Promise<(id: string | null) => PersonShown | null> {
    const names = await this.#persons.names(db, [...new Set(ids.flatMap((id) => id ?? []))]);
    return (id) => (id === null ? null : { id, displayName: names.get(id) ?? '' });
  }
}

const staffingOf = (post: PostOnDay | null) => ({
  held: post?.holders.some(({ as }) => as === 'HOLDER') ?? false,
  acting: post?.holders.some(({ as }) => as !== 'HOLDER') ?? false,
});
