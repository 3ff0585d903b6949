import { v7 } from 'uuid';
import { Checklists } from '../../src/audit/checklist/checklists.service.ts';
import { Ratings, contentHash, type Sheet } from '../../src/audit/rating/ratings.service.ts';
import { Reports } from '../../src/audit/review/reports.service.ts';
import { reportTexts } from '../../src/audit/opening/report.sql.ts';
import { reportHash } from '../../src/audit/review/report.rules.ts';
import { Reviews } from '../../src/audit/review/reviews.service.ts';
import { openingsOfRound } from '../../src/audit/opening/opening-process.sql.ts';
import { RoundAuditors } from '../../src/audit/round/round-auditors.service.ts';
import { Rounds } from '../../src/audit/round/rounds.service.ts';
import { isRefusal, systemActor } from '../../src/platform/index.ts';
import {
  entriesOf,
  openRound,
  roundStaff,
  setStage,
  succeeded,
  versionOf,
  type PlantedUnit,
  type Stage,
} from './support.ts';

/** An office with a team: the office is rated by 25 criteria (7 core), the team by 9 (3 core). */
export const administration = [
  { code: 'TOP', level: 'L0', kind: 'SPI', head: 'landraetin' },
  { code: 'D1', parent: 'TOP', level: 'L1', kind: 'DEZ', head: 'dezernent' },
  { code: 'A1', parent: 'D1', level: 'L2', kind: 'FAC', head: 'amtsleiterin' },
  { code: 'T1', parent: 'A1', level: 'L4', kind: 'FAC', head: 'teamleiter' },
];
const others = ['personalamt', 'kaemmerei', 'ausschuss', 'anna', 'bora'];

/** Who carries an opening process in its unit. */
interface Cast {
  readonly head: string;
  readonly owner: string;
  readonly deputy: string;
}

/**
 * A running round over a subtree, with auditors at work; what its people do is told by the tests. It runs by the newest
 * opening, or by the definition that `define` publishes.
 */
export async function startedRound(
  top = 'A1',
  more: readonly PlantedUnit[] = [],
  define?: (stage: Stage) => Promise<string>,
) {
  const stage = await setStage([...administration, ...more], [...roundStaff, ...others]);
  await stage.grant('koordination', 'OPENING_COORD');
  await stage.grant('personalamt', 'HR');
  await stage.grant('kaemmerei', 'FIN');
  const roundId = await openRound(stage, top, await define?.(stage));
  await assignAuditors(stage, roundId, top);
  const started = await stage.get(Rounds).startRound(stage.as('koordination'), {
    commandId: v7(),
    roundId,
    expectedVersion: await versionOf(stage, roundId),
    smallTeams: 'ALONE',
  });
  succeeded(started);
  const openings = await stage.read((db) => openingsOfRound(db, roundId));
  const of = (code: string) => openings.find(({ unitId }) => unitId === stage.units.get(code))!.id;
  const opening = (code: string, head: string) =>
    new Opening(stage, of(code), { head, owner: 'anna', deputy: 'bora' });
  return { stage, roundId, opening, team: opening('T1', 'teamleiter') };
}

export async function assignAuditors(stage: Stage, roundId: string, top: string): Promise<void> {
  const entries = await entriesOf(stage, roundId);
  const entry = (name: string) => entries.find(({ personId }) => personId === stage.persons.get(name))!.id;
  const assignments = ['auditorin', 'zweitauditor'].map((name) => ({
    roundPersonId: entry(name),
    unitIds: [stage.units.get(top)!],
    andBelow: true,
  }));
  const input = { commandId: v7(), roundId, assignments };
  succeeded(await stage.get(RoundAuditors).assignAuditors(stage.as('koordination'), input));
}

/** An opening process in the hands of a test. */
export class Opening {
  readonly stage: Stage;
  readonly id: string;
  readonly cast: Cast;

  constructor(stage: Stage, id: string, cast: Cast) {
    this.stage = stage;
    this.id = id;
    this.cast = cast;
  }

  /** Takes a step as somebody; the outcome as it came. */
  try(name: string, step: string, payload?: object) {
    const { engine, run, as } = this.stage;
    return run(as(name), async (tx) => {
      const taken = await engine.take(tx, { processId: this.id, step, payload });
      return isRefusal(taken) ? taken : { followedBy: taken.followedBy };
    });
  }

  /** Takes a step of the clockwork. */
  async asSystem(step: string): Promise<void> {
    const { engine, run, tenant } = this.stage;
    succeeded(
      await run(systemActor(tenant), async (tx) => {
        const taken = await engine.take(tx, { processId: this.id, step });
        return isRefusal(taken) ? taken : { followedBy: taken.followedBy };
      }),
    );
  }

  /** Takes a step that must succeed; what followed by itself. */
  async take(name: string, step: string, payload?: object): Promise<readonly string[]> {
    const taken: unknown = succeeded(await this.try(name, step, payload));
    return (taken as { followedBy: readonly string[] }).followedBy;
  }

  async stageNow(): Promise<string> {
    const [process] = await this.stage.read((db) => this.stage.engine.processes(db, [this.id]));
    return process!.stage;
  }

  sheet(): Promise<Sheet> {
    return this.stage.read((db) => this.stage.get(Ratings).sheet(db, this.id));
  }
  async criteria(): Promise<{ core: string[]; others: string[] }> {
    const lines = [...(await this.sheet()).lines.values()];
    const ids = (core: boolean) =>
      lines.filter((line) => line.core === core).map(({ criterionId }) => criterionId);
    return { core: ids(true), others: ids(false) };
  }

  /** From the commission to the auditors' desk; the unit gives itself the same level everywhere. */
  async toDesk(level: number): Promise<void> {
    const { head, owner } = this.cast;
    await this.rated(level);
    await this.take(owner, 'CLOSE_RATINGS');
    await this.take(head, 'SIGN_OFF', { contentHash: contentHash(await this.sheet()) });
    await this.take('auditleitung', 'ACCEPT_SUBMISSION');
  }

  /** From the commission to ratings that could be closed; the unit gives itself the same level everywhere. */
  async rated(level: number): Promise<void> {
    const { head, owner, deputy } = this.cast;
    const { stage } = this;
    const id = (name: string) => stage.persons.get(name);
    await this.take(head, 'NAME_TEAM', { ownerId: id(owner), deputyId: id(deputy) });
    await this.take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
    await this.take(owner, 'OPEN_SELF_ASSESSMENT');
    const ids = [...(await this.sheet()).lines.keys()];
    const checklists = stage.get(Checklists);
    const own = (criterionId: string) => rating(criterionId, level);
    const seconded = (criterionId: string) => ({ ...own(criterionId), expectedRatingVersion: 1 });
    succeeded(await checklists.rateCriteria(stage.as(owner), { ...this.#input(), ratings: ids.map(own) }));
    const { core } = await this.criteria();
    const second = core.map(seconded);
    succeeded(await checklists.confirmRatings(stage.as(deputy), { ...this.#input(), ratings: second }));
  }

  /** The auditor's ratings; `levels` by criterion, everything else as `level`. */
  audit(
    level: number | null,
    levels: Readonly<Record<string, number | null>> = {},
    only?: readonly string[],
  ) {
    return this.sheet().then(({ lines }) =>
      this.stage.get(Reviews).rate(this.stage.as('auditorin'), {
        ...this.#input(),
        ratings: (only ?? [...lines.keys()]).map((criterionId) => ({
          criterionId,
          level: criterionId in levels ? levels[criterionId]! : level,
          explanation: 'So zeigen es die Unterlagen.',
        })),
      }),
    );
  }

  async write(summary: string) {
    const input = { ...this.#input(), summary };
    return succeeded(await this.stage.get(Reports).write(this.stage.as('auditleitung'), input));
  }
  async sign(name = 'zweitauditor') {
    const texts = await this.stage.read((db) => reportTexts(db, [this.id]));
    const hash = reportHash(await this.sheet(), texts.get(this.id));
    return this.stage.get(Reports).sign(this.stage.as(name), { ...this.#input(), contentHash: hash });
  }

  /** From the desk to the released report, with these levels found. */
  async toTargets(level: number, levels: Readonly<Record<string, number>> = {}): Promise<void> {
    succeeded(await this.audit(level, levels));
    await this.take('auditleitung', 'SCHEDULE_VISIT', {
      plannedOn: '2026-06-01',
      plan: 'Gespräche und Rundgang.',
    });
    await this.take('auditleitung', 'VISIT_DONE', {
      openingTalkOn: '2026-06-01',
      closingTalkOn: '2026-06-02',
    });
    await this.write('Die Einheit ist auf dem Weg.');
    succeeded(await this.sign());
    await this.take('auditleitung', 'SEND_DRAFT');
    await this.take(this.cast.head, 'ACCEPT_DRAFT');
    await this.take('koordination', 'PUBLISH_REPORT', { visibility: 'PUBLIC' });
  }

  #input() {
    return { commandId: v7(), processId: this.id };
  }
}

const rating = (criterionId: string, level: number) => ({
  criterionId,
  level,
  notApplicable: false,
  statement: 'Beschlossen am 3. März; zuständig ist die Teamleitung.',
  checkNote: 'Mit Rückmeldungen verglichen.',
  changedRule: 'Dienstanweisung 7',
  evidenceIds: [],
  newEvidence: ['2026-02-01', '2026-03-01'].map((proofOn) => ({
    kind: 'FILE_REFERENCE' as const,
    evidenceType: 'MINUTES' as const,
    reference: 'Az. 10-1',
    proofOn,
    containsNoPersonalData: true,
  })),
  expectedRatingVersion: 0,
});
