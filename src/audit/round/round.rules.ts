import {
  howMany,
  blankFaults,
  refuse,
  refuseFaults,
  type InputFault,
  type Text,
  notPossible,
} from '../../platform/bare.ts';
import type { Finding } from './finding.rules.ts';

type Phase = 'DRAFT' | 'RUNNING' | 'ENDED';
const phaseNames: Record<Phase, Text> = {
  DRAFT: { de: 'in Vorbereitung', en: 'being prepared' },
  RUNNING: { de: 'im Gang', en: 'running' },
  ENDED: { de: 'beendet', en: 'ended' },
};

/** Refuses what a round's phase does not allow. */
export function refusePhase(phase: Phase, allowed: readonly Phase[]) {
  if (allowed.includes(phase)) return;
  const { de, en } = phaseNames[phase];
  return notPossible(phase, { de: `Die Runde ist ${de}.`, en: `The round is ${en}.` });
}
export const roundEnded = () => refusePhase('ENDED', [])!;

/** Refuses a command that was decided on an older reading of the round. */
export function refuseChanged(version: number, expected: number) {
  if (version === expected) return;
  const message = {
    de: 'Die Runde wurde inzwischen geändert. Bitte neu lesen und noch einmal entscheiden.',
    en: 'The round was changed meanwhile. Please read it again and decide anew.',
  };
  return refuse('ChangedMeanwhile', message, { currentVersion: version });
}

/** Refuses entries that name both a person and a post, or neither. */
export function refuseUnclear(people: readonly { personId: string | null; postId: string | null }[]) {
  const message = {
    de: 'Bitte entweder eine Person oder eine Stelle nennen.',
    en: 'Please name either a person or a post.',
  };
  const faults = people.flatMap(({ personId, postId }, at) =>
    (personId === null) === (postId === null) ? [{ path: `people.${at}`, message }] : [],
  );
  return refuseFaults(faults);
}

/** Refuses a body with two chairs, and a chair of what is no body. */
export function refuseChairs(people: readonly { fn: string; chair: boolean }[]) {
  const chairs = people.filter(({ chair }) => chair).map(({ fn }) => fn);
  const faults = chairs.flatMap((fn, at) => {
    if (!bodies.has(fn)) return [{ path: `people.${fn}`, message: noBody }];
    return chairs.indexOf(fn) < at ? [{ path: `people.${fn}`, message: twoChairs }] : [];
  });
  return refuseFaults(faults);
}
const bodies = new Set(['BOARD', 'STEERING', 'APPEAL']);
const twoChairs: Text = { de: 'Ein Gremium hat genau einen Vorsitz.', en: 'A body has exactly one chair.' };
const noBody: Text = {
  de: 'Nur ein Gremium hat einen Vorsitz: Entscheidungsgremium, Lenkungsgruppe oder Einwendungsstelle.',
  en: 'Only a body has a chair: board, steering group or appeal body.',
};

const mostFindingsShown = 100;
const mostUnitsShown = 20;
const decidedTags = ['recognised', 'concluded', 'terminal'];

/** Refuses a start while a finding blocks it. */
export function refuseBlocked(findings: readonly Finding[]) {
  const blocking = findings.filter(({ severity }) => severity === 'BLOCKS');
  const n = blocking.length;
  if (n === 0) return;
  const message = {
    de: `${howMany(n, 'Ein Befund verhindert', 'Befunde verhindern')} den Beginn. Nichts wurde begonnen.`,
    en: `${howMany(n, 'One finding blocks', 'findings block')} the start. Nothing was started.`,
  };
  return refuse('RoundNotReady', message, { findings: blocking.slice(0, mostFindingsShown) });
}

/** Refuses the end of a round while processes are on their way. */
export function refuseUndecided(processes: readonly { scopeId: string; tags: readonly string[] }[]) {
  const open = processes.filter(({ tags }) => !decidedTags.some((tag) => tags.includes(tag)));
  const n = open.length;
  if (n === 0) return;
  const message = {
    de: `${howMany(n, 'Ein Öffnungsprozess ist', 'Öffnungsprozesse sind')} noch nicht entschieden.`,
    en: `${howMany(n, 'One opening process is', 'opening processes are')} not decided yet.`,
  };
  const unitIds = open.slice(0, mostUnitsShown).map(({ scopeId }) => scopeId);
  return refuse('RoundStillRunning', message, { openProcesses: n, unitIds });
}

/** Why no round opens with a definition that nothing new starts with. */
export const retired: Text = {
  de: 'Dieser Ablauf ist außer Dienst; bitte einen anderen wählen.',
  en: 'This process is retired; please choose another one.',
};

/** Why no round opens on a draft of an edition. */
export const unpublished: Text = {
  de: 'Die Fassung ist noch nicht veröffentlicht; erst dann steht fest, wonach bewertet wird.',
  en: 'The edition is not published yet; only then it is fixed what is rated by.',
};

export interface Opening {
  readonly name: Text;
  readonly opensOn: string;
  readonly closesOn: string;
  readonly mandate: {
    readonly title: string;
    readonly reference: string;
    readonly decidedOn: string;
    readonly body: string;
  };
  readonly focusArea?: string | null;
  readonly scope: readonly { readonly kind: string }[];
}

/** What is wrong with a round that somebody wants to open; paths point into the input. */
export function openingFaults(
  { name, opensOn, closesOn, mandate, focusArea, scope }: Opening,
  today: string,
): InputFault[] {
  const { title, reference, body } = mandate;
  const texts = { 'name.de': name.de, 'name.en': name.en };
  const paper = { 'mandate.title': title, 'mandate.reference': reference, 'mandate.body': body };
  const faults = blankFaults({ ...texts, ...paper, ...(focusArea != null && { focusArea }) });
  if (closesOn <= opensOn) faults.push({ path: 'closesOn', message: backwards });
  if (mandate.decidedOn > today) faults.push({ path: 'mandate.decidedOn', message: undecided });
  if (scope.every(({ kind }) => kind === 'EXCEPT')) faults.push({ path: 'scope', message: nobody });
  return faults;
}
const backwards: Text = {
  de: 'Der letzte Tag muss nach dem ersten liegen.',
  en: 'The last day must come after the first.',
};
const undecided: Text = {
  de: 'Der Auftrag ist noch nicht beschlossen: Der Tag liegt in der Zukunft.',
  en: 'The mandate is not decided yet: its day lies in the future.',
};
const nobody: Text = {
  de: 'Mindestens eine Einheit muss teilnehmen.',
  en: 'At least one unit must take part.',
};

const mostMembers = 100;
/** What is wrong with a number of votes needed. */
export function quorumFaults(quorum: number | null): InputFault[] {
  if (quorum === null || (quorum >= 1 && quorum <= mostMembers)) return [];
  const message = { de: 'Gebraucht wird eine Zahl von 1 bis 100.', en: 'A number from 1 to 100 is needed.' };
  return [{ path: 'boardQuorum', message }];
}
