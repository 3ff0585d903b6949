import { Organisation } from '../../organisation/index.ts';
import { Reads } from '../../platform/index.ts';
import { auditedLevel, finalLevel, type DemoCriterion } from './ratings.rules.ts';
import type { WayStep } from './story.ts';
import { instantOf } from './schedule.rules.ts';
import type { Fields } from './teller.ts';
import { before, day, rateAs, type Taking } from './unit-steps.ts';
import type { UnitWay } from './unit-way.ts';

const coreTarget = 2;
const minutesBetweenPeople = 12;

/** How targets, implementation and decision are told. */
export const takingTargets: Readonly<Record<WayStep, Taking>> = {
  SUBMIT_TARGETS: async (unit, at) => {
    unit.submitter = await unit.head(at);
    await proposeMissing(unit, before(at, 60));
    await unit.take(unit.submitter, at, 'SUBMIT_TARGETS');
    if (unit.of.way.signed) await coSign(unit, new Date(at.getTime() + 3_600_000 * 30), unit.of.way.signed);
  },
  OBJECT_TARGETS: async (unit, at) =>
    unit.take(await unit.somebody('DEZ', at, [unit.submitter]), at, 'OBJECT_TARGETS', {
      reason: 'Die Termine der Maßnahmen passen nicht zum Haushalt; bitte abstimmen.',
    }),
  CO_SIGN: (unit, at) => coSign(unit, before(at, 60)),
  APPROVE_TARGETS: async (unit, at) => {
    await unit.take(await approver(unit, at), at, 'APPROVE_TARGETS');
    unit.agreed = true;
  },
  REJECT_TARGETS: async (unit, at) =>
    unit.take(await approver(unit, at), at, 'REJECT_TARGETS', {
      reason: 'Für die Kernkriterien fehlen Zwischenziele; bitte nachtragen.',
    }),
  SUBMIT_INTERIM: async (unit, at) => {
    await report(unit, before(at, 60), unit.of.way.measuresDone ?? 'some');
    await unit.take(await unit.head(at), at, 'SUBMIT_INTERIM', {
      report: 'Der Stand jeder Maßnahme ist berichtet.',
    });
  },
  CONFIRM: (unit, at) => unit.take(unit.of.coordination, at, 'CONFIRM'),
  REQUEST_FINAL_REVIEW: async (unit, at) => {
    await report(unit, before(at, 240), 'all');
    await unit.take(await unit.head(at), at, 'REQUEST_FINAL_REVIEW');
  },
  RECOMMEND: async (unit, at) => {
    const { way, story } = unit.of;
    const weak = weakCore(unit).map(({ code }) => code);
    const weakAtAll = unit.criteria.filter((criterion) => auditedLevel(criterion, way, story) < coreTarget);
    if (weakAtAll.length > 0) {
      const level = (criterion: DemoCriterion) => finalLevel(criterion, way, story, weak);
      await rateAs(unit, await unit.somebody('AUD', at), before(at, 120), level, weakAtAll);
    }
    await unit.take(unit.of.auditLead, at, 'RECOMMEND', {
      recommendation: outcomeOf(unit),
      reason: 'Die Feststellungen der Prüfung und die Nachbewertung tragen diese Empfehlung.',
    });
    if (unit.of.way.votes) await vote(unit, new Date(at.getTime() + 3_600_000 * 24), unit.of.way.votes);
  },
  VOTE: async (unit, at) => {
    const outcome = outcomeOf(unit);
    if (outcome === 'RECOGNISE_WITH_CONDITIONS') await proposeConditions(unit, before(at, 300));
    await vote(unit, before(at, 120));
    await unit.take(await unit.somebody('BOARD', at), at, outcome, {
      reason: 'Beschluss des Entscheidungsgremiums nach Beratung.',
    });
  },
  CONDITIONS_MET: async (unit, at) => {
    const { conditions } = await unit.see(unit.of.auditLead, at, 'conditions { id }');
    for (const { id } of conditions as Fields[]) {
      const teller = unit.of.teller;
      const shown = {
        conditionId: id,
        note: 'Umgesetzt; die Unterlagen liegen in der E-Akte.',
        newEvidence: [fileOf(unit, at)],
      };
      await teller.send(unit.owner, before(at, 2000), 'showCondition', shown);
      const assessed = { conditionId: id, isMet: true, note: 'Die Auflage ist erfüllt.' };
      await teller.send(unit.of.auditLead, before(at, 60), 'assessCondition', assessed);
    }
    await unit.take(unit.of.auditLead, at, 'CONDITIONS_MET');
  },
};

const approver = (unit: UnitWay, at: Date) => unit.somebody('NEXT_ABOVE', at, [unit.submitter]);

const weakCore = (unit: UnitWay) =>
  unit.criteria.filter(
    (criterion) => criterion.core && auditedLevel(criterion, unit.of.way, unit.of.story) < coreTarget,
  );

function outcomeOf(unit: UnitWay): 'RECOGNISE' | 'RECOGNISE_WITH_CONDITIONS' | 'REFUSE' {
  const state = unit.of.way.via ?? unit.of.way.reached;
  if (state === 'refused') return 'REFUSE';
  return state === 'recognised.conditional' ? 'RECOGNISE_WITH_CONDITIONS' : 'RECOGNISE';
}

const fileOf = (unit: UnitWay, at: Date) => ({
  kind: 'FILE_REFERENCE',
  evidenceType: 'RULE',
  reference: `E-Akte ${unit.of.unit.code}/Auflage`,
  proofOn: day(at, -5),
  containsNoPersonalData: true,
});

async function proposeMissing(unit: UnitWay, at: Date): Promise<void> {
  const { measures } = await unit.see(unit.submitter, at, 'measures { criterion { id } }');
  const answered = new Set((measures as Fields[]).map((measure) => measure['criterion']?.id));
  const wanted = weakCore(unit).filter(({ id }) => !answered.has(id));
  if (wanted.length === 0) return;
  const { budget, dueMonths } = unit.of.story.measures;
  const competentPostId = await postOf(unit, at);
  const input = wanted.map((criterion, i) => {
    const line = budget[i % budget.length]!;
    return {
      criterionId: criterion.id,
      title: `${criterion.title}: Mindeststand erreichen`,
      description: 'Schritte, Beteiligte und Zwischenziele stehen in der E-Akte der Einheit.',
      competentPostId,
      dueOn: day(instantOf(`P${dueMonths}M`, at)),
      indicator: 'Anteil der Vorgänge, die nach der neuen Regel laufen',
      baseline: 'nicht erhoben',
      budgetKind: line === 'NONE' ? 'NONE' : 'LINE',
      ...(line !== 'NONE' && { budgetLine: `Teilprodukt ${line}` }),
    };
  });
  await unit.send(unit.submitter, at, 'proposeMeasures', { measures: input });
}

/** The unit's managing post carries its measures. */
async function postOf(unit: UnitWay, at: Date): Promise<string> {
  return unit.of.teller.as(unit.submitter, at, async (actor) => {
    const db = await unit.of.teller.get(Reads).db(actor);
    const heads = await unit.of.teller.get(Organisation).headPost(db, [unit.of.unit.id]);
    return heads.get(unit.of.unit.id)!.id;
  });
}

/** Those who have to sign do, one after the other; `most` leaves the rest unsigned. */
async function coSign(unit: UnitWay, at: Date, most = Infinity): Promise<void> {
  const fields = 'targetAgreement { contentHash coSignatures { function isSigned } }';
  const { targetAgreement } = await unit.see(unit.submitter, at, fields);
  const open = (targetAgreement.coSignatures as Fields[]).filter(({ isSigned }) => !isSigned);
  const signing = most === Infinity ? open : open.slice(0, Math.min(most, open.length - 1));
  for (const [i, { function: fn }] of signing.entries()) {
    const when = before(at, -i * minutesBetweenPeople);
    const signer = await unit.somebody(fn as string, when, [unit.submitter]);
    await unit.send(signer, when, 'coSignTargets', { as: fn, contentHash: targetAgreement.contentHash });
  }
}

/** Reports on the measures; `all` brings them to an end, their effect confirmed by somebody else. */
/** How its measures stand, told by the head; `all` are done, and somebody else has confirmed it. */
export async function report(unit: UnitWay, at: Date, done: 'none' | 'some' | 'most' | 'all'): Promise<void> {
  const head = await unit.head(at);
  const { measures } = await unit.see(head, at, 'measures { id status }');
  const open = (measures as Fields[]).filter(
    ({ status }) => !['EFFECT_CONFIRMED', 'REPORTED_DONE', 'REJECTED'].includes(status),
  );
  const share = { none: 0, some: 1 / 3, most: 2 / 3, all: 1 }[done];
  const until = Math.ceil(open.length * share);
  const reports = open.map(({ id }, i) => ({
    measureId: id,
    status: i < until ? 'REPORTED_DONE' : 'IN_PROGRESS',
    note: i < until ? 'Umgesetzt und eingeführt.' : 'Läuft nach Plan.',
  }));
  if (reports.length > 0) await unit.send(head, at, 'reportOnMeasures', { reports });
  if (done !== 'all') return;
  for (const [i, { id, status }] of (measures as Fields[]).entries()) {
    if (status === 'EFFECT_CONFIRMED') continue;
    const when = before(at, -60 - i);
    const other = await unit.somebody('ABOVE', when, [head]).catch(() => unit.of.coordination);
    await unit.of.teller.send(other, when, 'confirmEffect', {
      measureId: id,
      effect: 'Die neue Regel wird angewandt.',
    });
  }
}

async function proposeConditions(unit: UnitWay, at: Date): Promise<void> {
  const weak = weakCore(unit).map(({ code }) => code);
  const still = unit.criteria.filter(
    (criterion) => criterion.core && finalLevel(criterion, unit.of.way, unit.of.story, weak) < coreTarget,
  );
  const conditions = (still.length > 0 ? still : unit.criteria.slice(0, 1)).map((criterion) => ({
    criterionId: criterion.id,
    demand: `${criterion.title}: bis zum Termin mindestens Stufe 2 nachweisen.`,
    dueOn: day(instantOf('P6M', at)),
  }));
  await unit.send(unit.of.auditLead, at, 'proposeConditions', { conditions });
}

/** Members of the board vote one after the other; who belongs to the unit has no vote. */
async function vote(unit: UnitWay, at: Date, most = Infinity): Promise<void> {
  const fields = 'ballot { contentHash excluded { id } }';
  const board = await unit.of.teller.who('BOARD', unit.place, at);
  const { ballot } = await unit.see(unit.of.auditLead, at, fields);
  const excluded = new Set((ballot.excluded as Fields[]).map(({ id }) => id as string));
  const choice = {
    RECOGNISE: 'FOR_FULL',
    RECOGNISE_WITH_CONDITIONS: 'FOR_CONDITIONS',
    REFUSE: 'FOR_REFUSAL',
  }[outcomeOf(unit)];
  let cast = 0;
  for (const member of board) {
    const person = await unit.of.teller.as(member, at, async (actor) => actor.person);
    if (excluded.has(person) || cast >= most) continue;
    await unit.send(member, before(at, -cast), 'castVote', {
      choice,
      contentHash: ballot.contentHash as string,
      rationale: 'Nach Bericht und Empfehlung.',
    });
    cast++;
  }
}
