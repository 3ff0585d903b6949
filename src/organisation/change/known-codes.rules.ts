import { holderCode, type Plan, type Stated, type Statement } from '../plan/plan.rules.ts';

/** The same code, however it is typed: letter case and composed or decomposed umlauts make no second unit. */
export const codeKey = (code: string): string => code.normalize('NFC').toLowerCase();

/** Spells codes as they are known, else as they stand first, by kind of thing. */
class Spelling {
  readonly #known = new Map<string, string>();

  constructor(codes: Iterable<string>) {
    for (const code of codes) this.of(code);
  }

  of(code: string): string {
    const key = codeKey(code);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const first = code.normalize('NFC');
    this.#known.set(key, first);
    return first;
  }
}

/** The statement with every code spelled as the plan has it, so that "a10" means the unit A10. */
export function withKnownCodes(statement: Statement, plan: Plan): Statement {
  const units = new Spelling(plan.units.keys());
  const posts = new Spelling(plan.posts.keys());
  const tasks = new Spelling(plan.tasks.keys());
  const persons = new Spelling(plan.persons.keys());
  const post = (code: string | null) => code && posts.of(code);
  const spelled = <S extends Stated<unknown>>(rows: readonly S[], respell: (row: S) => Partial<S>): S[] =>
    rows.map((row) => ({ ...row, ...respell(row) }));

  const said = statement;
  return {
    ...said,
    ...(said.units && {
      units: {
        ...said.units,
        rows: spelled(said.units.rows, ({ code, facts, predecessorCodes }) => ({
          code: units.of(code),
          facts: { ...facts, parentCode: facts.parentCode && units.of(facts.parentCode) },
          predecessorCodes: predecessorCodes.map((one) => units.of(one)),
        })),
      },
    }),
    ...(said.posts && {
      posts: {
        ...said.posts,
        rows: spelled(said.posts.rows, ({ code, facts }) => ({
          code: posts.of(code),
          facts: { ...facts, unitCode: units.of(facts.unitCode) },
        })),
      },
    }),
    ...(said.holders && {
      holders: {
        ...said.holders,
        settledPosts: new Set([...(said.holders.settledPosts ?? [])].map((code) => posts.of(code))),
        rows: spelled(said.holders.rows, ({ facts }) => {
          const known = { ...facts, postNo: posts.of(facts.postNo), personKey: persons.of(facts.personKey) };
          return { code: holderCode(known), facts: known };
        }),
      },
    }),
    ...(said.tasks && {
      tasks: {
        ...said.tasks,
        rows: spelled(said.tasks.rows, ({ code, facts }) => ({
          code: tasks.of(code),
          facts: {
            ...facts,
            unitCode: units.of(facts.unitCode),
            postNo: post(facts.postNo),
            deputyPostNo: post(facts.deputyPostNo),
          },
        })),
      },
    }),
    ...(said.persons && {
      persons: said.persons.map((person) => ({ ...person, personKey: persons.of(person.personKey) })),
    }),
  };
}
