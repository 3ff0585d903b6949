import { howMany, type Text } from '../../platform/bare.ts';

/** Pairs of functions no natural person may hold in one round. Source: Konzept §2.2 T26, §2.3 objection, §6.2. */
const exclusive: readonly (readonly [string, readonly string[]])[] = [
  ['AUDLEAD', ['AUD2', 'BOARD', 'APPEAL']],
  ['AUD', ['BOARD', 'APPEAL']],
  ['AUD2', ['BOARD', 'APPEAL']],
  ['BOARD', ['APPEAL']],
  ['STEERING', ['APPEAL']],
];

export interface RoundMember {
  readonly fn: string;
  /** The natural persons behind the entry: the one named, or all who act for the post. */
  readonly personIds: readonly string[];
}

export interface Exclusion {
  readonly personId: string;
  readonly functions: readonly [string, string];
}

/** Who would judge what they had a part in. A deputy counts with the person stood in for. */
export function exclusions(members: readonly RoundMember[]): Exclusion[] {
  const held = new Map<string, Set<string>>();
  for (const { fn, personIds } of members)
    for (const id of personIds) held.set(id, (held.get(id) ?? new Set()).add(fn));
  return [...held].flatMap(([personId, functions]) =>
    exclusive.flatMap(([one, others]) =>
      functions.has(one)
        ? others
            .filter((other) => functions.has(other))
            .map((other) => ({ personId, functions: [one, other] as const }))
        : [],
    ),
  );
}

/** What the rule asks of a unit tree. */
export interface ReportingLine {
  isBelow(id: string, ancestorId: string): boolean;
}

/** Whether somebody who sits in these units stands in the unit or in the line above or below it. */
export function inLine(ownUnitIds: readonly string[], unitId: string, tree: ReportingLine): boolean {
  return ownUnitIds.some((own) => own === unitId || tree.isBelow(own, unitId) || tree.isBelow(unitId, own));
}

/** Whether a board can decide: a chair, a quorum, and enough members to reach it. */
export function boardFaults(board: readonly { chair: boolean }[], quorum: number | null): Text[] {
  const faults: Text[] = [];
  if (board.length === 0) return [{ de: 'Kein Mitglied ist benannt.', en: 'No member is named.' }];
  const chairs = board.filter(({ chair }) => chair).length;
  if (chairs !== 1)
    faults.push({
      de: `Genau ein Mitglied führt den Vorsitz; benannt sind dafür ${chairs}.`,
      en: `Exactly one member takes the chair; named for it are ${chairs}.`,
    });
  if (quorum === null)
    faults.push({ de: 'Die Beschlussfähigkeit ist nicht festgelegt.', en: 'The quorum is not set.' });
  else if (quorum > board.length)
    faults.push({
      de: `Die Beschlussfähigkeit von ${quorum} ist mit ${howMany(board.length, 'einem Mitglied', 'Mitgliedern')} nicht erreichbar.`,
      en: `The quorum of ${quorum} cannot be reached with ${howMany(board.length, 'one member', 'members')}.`,
    });
  return faults;
}
