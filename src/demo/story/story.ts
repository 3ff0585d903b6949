import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Text } from '../../platform/index.ts';

/** Steps of a way: those of the process, and CO_SIGN and VOTE, which stand for what several people do. */
export type WayStep = string;

/** How far the units of a way have come, and how. Dates are relative to the first start. */
export interface Way {
  readonly units: readonly string[];
  readonly from: string;
  readonly reached: string;
  /** The state passed through on the way to `reached`. */
  readonly via?: string;
  /** The last step, where `reached` alone would not tell. */
  readonly after?: WayStep;
  readonly at?: Readonly<Record<WayStep, string>>;
  readonly profile?: string;
  readonly look?: string;
  /** What the ratings of the final review become. */
  readonly final?: 'improved' | 'nearly' | 'unchanged';
  readonly detours?: readonly WayStep[];
  /** In a cancelled way: the state in which it was cut off. */
  readonly cutAt?: string;
  readonly reason?: string;
  /** Fields of action already rated; all where it is silent. */
  readonly rated?: readonly string[];
  readonly auditDone?: 'half';
  readonly measuresDone?: 'none' | 'some' | 'most';
  readonly signed?: number;
  readonly votes?: number;
  readonly besides?: readonly Beside[];
  readonly carryOver?: string;
  /** Told step by step, where the course of the opening does not tell it. */
  readonly tale?: readonly { readonly step: WayStep; readonly on: string }[];
}

/** A step beside the course: who takes it by function, and what comes with it. Dates in it are relative, criteria are codes. */
export interface Beside {
  readonly step: WayStep;
  readonly at: string;
  readonly by: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface Body {
  readonly members: readonly string[];
  readonly chair?: string;
  readonly quorum?: number;
}

export interface StoryRound {
  readonly key: string;
  readonly name: Text;
  /** The definition its units go by, and the catalogue that rates them; the opening's where they are silent. */
  readonly definition?: string;
  readonly catalogue?: string;
  /** The version of the definition it starts with; the newest where it is silent. */
  readonly version?: number;
  readonly opensOn: string;
  readonly closesOn: string;
  readonly endedOn?: string;
  readonly mandate: { title: string; reference: string; decidedOn: string; body: string };
  /** Where it is silent, the round starts with the units of its first wave. */
  readonly scope?: { readonly subtree: string };
  readonly people: Readonly<Record<string, readonly string[] | Body>>;
  /** Units that came in at the same time, the first ones with the round's start. */
  readonly waves: readonly { readonly from: string; readonly ways: readonly Omit<Way, 'from'>[] }[];
  readonly ways: readonly Way[];
}

export interface Profile {
  readonly fields: Readonly<Record<string, number>>;
  readonly but: Readonly<Record<string, number>>;
}

export interface StoryGrant {
  readonly fn: string;
  readonly person?: string;
  readonly post?: string;
  readonly scope: string;
  readonly unit?: string;
  readonly from: string;
}

export interface StoryRule {
  readonly name: string;
  readonly on: string;
  readonly by: string;
  readonly confirmedBy?: string;
  /** The subtree; a rule with `competentPosts` is one rule for each unit named there. */
  readonly scope?: string;
  readonly levels: readonly string[];
  readonly fields: 'ALL' | readonly string[];
  readonly competent?: { readonly headOf: 'UNIT' | 'OFFICE' };
  readonly competentPosts?: Readonly<Record<string, string>>;
  readonly accountable?: { readonly headOf: 'UNIT' | 'OFFICE' };
  /** When its assignments end; open-ended if left out. */
  readonly until?: string;
}

/** The demo administration's history as `data/demo/story.yaml` tells it. */
export interface Story {
  readonly administration: { key: string; name: string; zone: string; federalState: string };
  readonly people: readonly { key: string; name: string; mail: string }[];
  readonly cast: Readonly<Record<string, string>>;
  readonly grants: readonly StoryGrant[];
  readonly assignments: readonly StoryRule[];
  /** Posts whose people left, and who of HR recorded it. */
  readonly vacated: readonly { readonly post: string; readonly on: string; readonly by: string }[];
  /** Changes of running processes to another version: proposed by one person, run by another when all else is told. */
  readonly migrations: readonly {
    readonly from: number;
    readonly to: number;
    readonly proposedBy: string;
    readonly runBy: string;
  }[];
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly looks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly notApplicable: readonly { criterion: string; units: readonly string[]; reason: string }[];
  readonly durations: Readonly<Record<WayStep, number>>;
  readonly course: readonly WayStep[];
  readonly measures: { dueMonths: number; budget: readonly string[] };
  readonly rounds: readonly StoryRound[];
  /** Rounds over schools and municipalities outside the chart. */
  readonly outside: readonly StoryRound[];
}

export const demoFolder = fileURLToPath(new URL('../../../data/demo/', import.meta.url));

export async function readStory(): Promise<Story> {
  const story = parse(await readFile(`${demoFolder}story.yaml`, 'utf8')) as Story;
  const withWays = (round: StoryRound) => ({ ...round, ways: round.waves.flatMap(waysOf) });
  return { ...story, rounds: story.rounds.map(withWays), outside: story.outside.map(withWays) };
}

function waysOf({ from, ways }: StoryRound['waves'][number]): Way[] {
  return ways.map((way) => ({ ...way, from }));
}
