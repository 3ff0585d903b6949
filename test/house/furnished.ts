import { buildSchema } from 'graphql';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { Engine } from '../../src/engine/index.ts';
import { Board } from '../../src/audit/decision/board.service.ts';
import { reportTexts } from '../../src/audit/opening/report.sql.ts';
import { reportHash } from '../../src/audit/review/report.rules.ts';
import { measuresOf } from '../../src/planning/measure.sql.ts';
import { agreementHash } from '../../src/planning/target.rules.ts';
import { functionCodes } from '../../src/responsibility/functions/permission.rules.ts';
import {
  Commands,
  isRefusal,
  systemActor,
  type Json,
  type Refusal,
  type Tx,
} from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import { openRound, type Stage } from '../audit/support.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { publishNext } from '../engine/variants.ts';
import { Inputs, type Input } from '../support/inputs.ts';

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
export const schema = buildSchema(file('schema.graphql'));

const catalogueFile = (version: string) =>
  file('data/catalogues/administration.yaml').replace('version: 1.0.0', `version: ${version}`);
const unitsFile = (code: string) => `code;name;parentCode;level;kind;headcount\n${code};Team;A1;L4;FAC;7`;
const evidence = {
  kind: 'NOTE',
  evidenceType: 'MINUTES',
  note: 'Protokoll',
  proofOn: '2026-02-01',
  containsNoPersonalData: true,
};

/** Once the administration is doubled: the same id in the other one. */
export const inTheOther = (id: string) =>
  id.replace(/(?<=^.{14})./, (version) => String(Number(version) + 1));
/** How a command answers that would succeed, while commits are held. */
export const accepted = 'Busy';

/**
 * An administration in which every mutation finds what it asks for, with another one just like it beside. Alma and
 * Berta hold every function there is, everywhere, but have no seat on the board; Nils holds none.
 */
export class Furnished {
  readonly stage: Stage;
  readonly team: Opening;
  readonly walk: TestApp;
  /** An id that is known, by the name of the field that asks for one. */
  readonly ids: Record<string, string>;
  readonly inputs = new Inputs(schema, (kind, name) => this.#scalar(kind, name));
  readonly #specials = specials(this);

  private constructor(stage: Stage, team: Opening, walk: TestApp, ids: Record<string, string>) {
    this.stage = stage;
    this.team = team;
    this.walk = walk;
    this.ids = ids;
  }

  static async make(): Promise<Furnished> {
    const { stage, team, roundId } = await startedRound();
    await namePeople(stage);
    await team.toDesk(2);
    const { core } = await team.criteria();
    await team.take('auditorin', 'REQUEST_EVIDENCE', {
      items: [{ criterionId: core[0], text: 'Bitte nachreichen.' }],
    });
    const draftId = await openRound(stage, 'D1');
    await bringEveryMoment(stage);
    const furnished = new Furnished(stage, team, await bootApp(stage.database, 'probe'), {
      roundId,
      draftId,
      processId: team.id,
      definitionId: stage.definitionId,
      criterionId: core[0]!,
      disputedId: core[1]!,
      personId: stage.persons.get('anna')!,
      ownerId: stage.persons.get('anna')!,
      deputyId: stage.persons.get('bora')!,
      unitId: stage.units.get('T1')!,
      unit: stage.units.get('T1')!,
      except: stage.units.get('T1')!,
      subtree: stage.units.get('A1')!,
      underId: stage.units.get('D1')!,
      officeId: stage.units.get('A1')!,
    });
    await furnished.#lookUp();
    await furnished.#furnish();
    for (const name of ['nils', 'mitglied', 'vorsitz', 'amtsleiterin', 'teamleiter', 'zweitauditor', 'berta'])
      await furnished.walk.see(name, '{ me { __typename } }');
    await furnished.#double();
    return furnished;
  }

  async close(): Promise<void> {
    await this.walk.close();
    await this.stage.close();
  }

  asker(mutation: string): string {
    return this.#specials[mutation]?.who ?? 'alma';
  }

  /** A well-formed input that should be accepted. */
  async well(mutation: string): Promise<Input> {
    const needs = await this.#specials[mutation]?.needs?.();
    return { ...this.inputs.sample(this.inputs.of(mutation)), ...needs };
  }

  /** Sends it; the code of the error or the name of the outcome. */
  async send(who: string, mutation: string, input: Input): Promise<string> {
    const query = `mutation ($input: ${this.inputs.of(mutation).name}!) { ${mutation}(input: $input) {
      __typename ... on Refusal { message ... on InvalidInput { faults { path message } } } } }`;
    const { data, errors } = await this.walk.ask(who, query, { input });
    return errors?.[0]?.extensions.code ?? data![mutation].__typename;
  }

  /** Every table as it stands: its rows are counted and hashed, so that an update shows, too. */
  async standing(): Promise<Record<string, string>> {
    const { rows } = await this.stage.superuser.query<{ name: string; state: string }>(`
      select c.oid::regclass::text as name, (xpath('//n/text()', query_to_xml(format(
        'select count(*) || '':'' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as n from %s t',
        c.oid::regclass), false, true, '')))[1]::text as state
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and not c.relispartition order by 1`);
    return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
  }

  /**
   * From now on whatever would succeed ends as it commits, as if somebody else held a lock: it reads `accepted`, and
   * the next input finds everything as it was.
   */
  async holdCommits(): Promise<void> {
    await this.stage.superuser.query(`
      create function public.hold() returns trigger language plpgsql as $$ begin
        raise exception 'held' using errcode = '55P03'; end $$;
      create constraint trigger held after insert on platform.command deferrable initially deferred
        for each row execute function public.hold()`);
  }

  async letCommit(): Promise<void> {
    await this.stage.superuser.query('drop trigger held on platform.command');
  }

  async one(sql: string, ...values: unknown[]): Promise<string> {
    const { rows } = await this.stage.superuser.query<Record<string, string>>(sql, values);
    return Object.values(rows[0] ?? {})[0]!;
  }

  /** The newest such value of the administration. */
  newest(column: string, table: string, where = 'true'): Promise<string> {
    return this.one(
      `select ${column} from ${table} x where tenant_id = $1 and ${where} order by 1 desc limit 1`,
      this.stage.tenant,
    );
  }

  async rating(criterionId = this.ids['criterionId']!, level = 1) {
    const own = `kind in ('SELF', 'SECOND') and process_id = '${this.team.id}' and criterion_id = '${criterionId}'`;
    const expectedRatingVersion = await this.newest('max(version)', 'audit.rating', own);
    return { criterionId, level, statement: 'Beschlossen', expectedRatingVersion };
  }

  async roundAsRead(roundId = this.ids['roundId']!) {
    return { roundId, expectedVersion: await this.newest('version', 'audit.round', `id = '${roundId}'`) };
  }

  measureIn(status: string): Promise<string> {
    const now = `status = '${status}' and not exists (
      select from planning.measure_status n where n.measure_id = x.measure_id and n.status_no > x.status_no)`;
    return this.newest('measure_id', 'planning.measure_status', now);
  }

  assignmentIn(...stages: string[]): Promise<string> {
    const now = `stage in ('${stages.join("', '")}') and retracted_at is null and reason is null`;
    return this.newest('assignment_id', 'responsibility.assignment', now);
  }

  #scalar(kind: string, name: string): unknown {
    if (kind === 'ID') return this.ids[name] ?? this.ids[name.replace(/s$/, '')] ?? v7();
    if (kind === 'String') return name === 'contentHash' ? '0'.repeat(64) : `Probe ${name}`;
    const values: Record<string, unknown> = {
      Int: 1,
      Boolean: true,
      Date: '2027-03-01',
      Url: 'https://example.org/beleg',
      StepPayload: {},
    };
    if (kind in values) return values[kind];
    throw new Error(`Say what a well-formed ${kind} is`);
  }

  async #lookUp(): Promise<void> {
    const { ids, walk } = this;
    ids['postId'] = ids['competentPostId'] = await this.newest(
      'id',
      'organisation.post',
      `post_no = 'T1-01'`,
    );
    ids['editionId'] = await this.one(
      `select e.id from catalogue.edition e join catalogue.catalogue c on c.id = catalogue_id where key = 'administration'`,
    );
    ids['requestId'] = await this.newest('id', 'audit.evidence_request');
    ids['evidenceId'] = await this.newest('id', 'evidence.evidence');
    const auditor = `fn = 'AUD' and round_id = '${ids['roundId']}'`;
    ids['roundPersonId'] = await this.newest('id', 'audit.round_person', auditor);
    ids['importId'] = await walk.upload('alma', 'catalogue.yaml', catalogueFile('1.1.0'));
    ids['importIds'] = await walk.upload('alma', 'units.csv', unitsFile('T2'));
  }

  /** Gives everything a mutation may name: measures, conditions, comments, assignments and grants at every stage. */
  async #furnish(): Promise<void> {
    const does = async (mutation: string, over: object, selection?: string) =>
      this.walk.does('alma', mutation, { ...(await this.well(mutation)), ...over }, selection);
    const { measures } = await does(
      'proposeMeasures',
      { measures: [{ title: 'a' }, { title: 'b' }, { title: 'c' }] },
      'measures { id }',
    );
    await this.stage.superuser.query(
      `insert into planning.measure_status (tenant_id, measure_id, status_no, status, person_id)
       select $1, m.id, 2, m.status, $2 from unnest($3::uuid[], array['AGREED', 'REPORTED_DONE']) as m (id, status)`,
      [
        this.stage.tenant,
        this.stage.persons.get('bora'),
        measures.slice(1).map(({ id }: { id: string }) => id),
      ],
    );
    this.ids['measureId'] = measures[0].id;
    await this.stage.superuser.query(
      `with agreement as (
         insert into planning.target_agreement (tenant_id, id, process_id, version, content_hash, person_id)
         values ($1, gen_random_uuid(), $2, 1, $3, $4) returning id
       ) insert into planning.required_signature (tenant_id, agreement_id, fn) select $1, id, unnest(array['HR', 'FIN']) from agreement`,
      [this.stage.tenant, this.team.id, '0'.repeat(64), this.stage.persons.get('teamleiter')],
    );
    await does('proposeConditions', {});
    this.ids['conditionId'] = this.ids['shownConditionId'] = await this.newest('id', 'audit.condition');
    await does('showCondition', {});
    await does('proposeConditions', {});
    this.ids['conditionId'] = await this.one(
      'select id from audit.condition where id <> $1',
      this.ids['shownConditionId'],
    );
    await this.walk.does('berta', 'confirmRatings', {
      processId: this.team.id,
      ratings: [await this.rating(this.ids['disputedId'], 0)],
    });
    await does('writeReport', {});
    await does('commentOnReport', {});
    this.ids['commentId'] = await this.newest('id', 'audit.report_comment');
    this.ids['grantId'] = (await does('grantFunction', {}, 'grant { id }'))['grant'].id;
    this.ids['ruleId'] = (await does('applyAssignmentRule', {}, 'rule { id }'))['rule'].id;
    const { rows } = await this.stage.superuser.query<{ code: string }>(
      `select code from catalogue.criterion c join audit.process_criterion p on p.criterion_id = c.id where process_id = $1`,
      [this.team.id],
    );
    // Proposed, accepted, confirmed: one each.
    for (const { code } of rows.slice(0, 3)) {
      this.ids['assignmentId'] = (
        await does('assignResponsibility', { codes: [code] }, 'assignments { id }')
      )['assignments'][0].id;
      if (code !== rows[2]!.code)
        await this.walk.does('teamleiter', 'acceptAssignments', await this.well('acceptAssignments'));
      if (code === rows[0]!.code)
        await this.walk.does('berta', 'confirmAssignments', await this.well('confirmAssignments'));
    }
    const { succession } = await does(
      'proposeSuccession',
      { unitId: this.ids['unitId'], successorIds: [this.ids['officeId']] },
      'succession { id }',
    );
    this.ids['successionId'] = succession.id;
    await this.#furnishMigration();
    this.ids['webhookId'] = (await does('registerWebhook', {}, 'webhook { id }'))['webhook'].id;
    for (const name of ['retriedDeliveryId', 'droppedDeliveryId'])
      this.ids[name] = await this.#failedDelivery();
    await does('applyImport', {});
    this.ids['emptyUnitId'] = await this.newest('id', 'organisation.unit', `code = 'T2'`);
    this.ids['importIds'] = await this.walk.upload('alma', 'units.csv', unitsFile('T3'));
    const { edition } = await does('importEdition', {}, 'edition { id }');
    this.ids['draftEditionId'] = edition.id;
    await this.#draftDefinitions();
    this.ids['importId'] = await this.walk.upload('alma', 'catalogue.yaml', catalogueFile('1.2.0'));
  }

  /** A draft for each mutation about one, and a published definition that nobody uses. */
  async #draftDefinitions(): Promise<void> {
    const { ids } = this;
    const drafted = async (who: string): Promise<string> => {
      const input = { basedOn: this.stage.definitionId };
      const { draft } = await this.walk.does(who, 'draftDefinition', input, 'draft { id source }');
      ids['source'] = draft.source;
      return draft.id;
    };
    const submitted = async (): Promise<string> => {
      const draftId = await drafted('berta');
      await this.walk.does('berta', 'submitDraft', { draftId, expectedRevision: 1 });
      return draftId;
    };
    for (const mutation of ['rewriteDraft', 'submitDraft', 'discardDraft'])
      ids[mutation] = await drafted('alma');
    ids['publishDraft'] = await submitted();
    const published = await this.walk.does(
      'alma',
      'publishDraft',
      await this.draftInReview('publishDraft'),
      'definition { id }',
    );
    ids['unusedDefinitionId'] = published['definition'].id;
    for (const mutation of ['publishDraft', 'returnDraft']) ids[mutation] = await submitted();
  }

  draftAsRead(mutation: string) {
    return { draftId: this.ids[mutation], expectedRevision: 1 };
  }

  async draftInReview(mutation: string) {
    const draftId = this.ids[mutation]!;
    return { draftId, sha256: await this.newest('sha256', 'engine.definition_draft', `id = '${draftId}'`) };
  }

  /** Another definition, a plan of Alma's that Berta can run, and a run of it that can be taken back. */
  async #furnishMigration(): Promise<void> {
    const { ids, stage, walk } = this;
    ids['fromDefinitionId'] = stage.definitionId;
    ids['toDefinitionId'] = await publishNext(walk.app, stage.tenant);
    const { plan } = await walk.does(
      'alma',
      'proposeMigration',
      await this.well('proposeMigration'),
      'plan { id }',
    );
    ids['planId'] = plan.id;
    const [movableId, movedId, pinnedId] = await startThree(walk.app, stage, ids['unitId']!);
    Object.assign(ids, { movableId, movedId, pinnedId });
    const filter = { processIds: [movedId, pinnedId] };
    const { run } = await walk.does(
      'berta',
      'runMigration',
      { planId: plan.id, filter, expectedCount: 2 },
      'run { id }',
    );
    ids['runId'] = run.id;
  }

  #failedDelivery(): Promise<string> {
    return this.one(
      `insert into notices.effect (tenant_id, id, channel, process_id, seq, no, kind, functions, person_id, state, fault, settled_at)
       values ($1, $2, 'MAIL', $3, 1, 0, 'draftSent', '{HEAD}', $4, 'PARKED', 'SMTP_550', now()) returning id`,
      this.stage.tenant,
      v7(),
      this.team.id,
      this.stage.persons.get('teamleiter'),
    );
  }

  /** The whole administration once more under another key: each id is told apart by the version in it. */
  async #double(): Promise<void> {
    const other = inTheOther(this.stage.tenant);
    const shifted = `regexp_replace(regexp_replace(to_jsonb(t)::text,
      '("[0-9a-f]{8}-[0-9a-f]{4}-)7([0-9a-f]{3}-)', '\\18\\2', 'g'), '("[0-9a-f]{8}-[0-9a-f]{4}-)4([0-9a-f]{3}-)', '\\15\\2', 'g')::jsonb`;
    await this.stage.superuser.query(
      `insert into platform.tenant (id, key, name) values ($1, 'other', 'Andere')`,
      [other],
    );
    await this.stage.superuser.query(`set session_replication_role = replica`);
    for (const table of Object.keys(await this.standing()))
      await this.stage.superuser.query(
        `insert into ${table} overriding system value select (jsonb_populate_record(null::${table}, ${shifted})).* from ${table} t where tenant_id = '${this.stage.tenant}'`,
      );
    await this.stage.superuser.query(`set session_replication_role = default`);
  }
}

/** Does it as the system, past all verbs. */
async function within<R extends Json>(
  app: TestApp['app'],
  stage: Stage,
  work: (tx: Tx) => Promise<R | Refusal>,
) {
  const request = { name: 'test', commandId: v7(), input: null };
  const commands = app.get(Commands, { strict: false });
  const done = await commands.run(systemActor(stage.tenant), request, (tx) => {
    tx.permit(true);
    return work(tx);
  });
  if (isRefusal(done)) throw new Error(JSON.stringify(done));
  return done as R;
}

/** Processes of their own, which nothing else is about. */
async function startThree(app: TestApp['app'], stage: Stage, scopeId: string) {
  const { definitionId } = stage;
  const items = [v7(), v7(), v7()].map((processId) => ({ processId, scopeId }));
  await within(app, stage, async (tx) => {
    const started = await app
      .get(Engine, { strict: false })
      .start(tx, { definitionId, seriesId: null, items });
    return isRefusal(started) ? started : started.length;
  });
  return items.map(({ processId }) => processId);
}

async function namePeople(stage: Stage): Promise<void> {
  await stage.superuser.query(
    `insert into identity.person (tenant_id, id, person_key, display_name)
     select $1, id, name, initcap(name) from unnest($2::uuid[], $3::text[]) as given (id, name)`,
    [stage.tenant, [v7(), v7(), v7()], ['alma', 'berta', 'nils']],
  );
  await stage.superuser.query(
    `insert into responsibility.function_grant (tenant_id, id, grant_id, person_id, function, scope, valid_from)
     select $1, id, id, person_id, function, 'TENANT', '2020-01-01'
     from (select gen_random_uuid() as id, p.id as person_id, function from identity.person p, unnest($2::text[]) as function
           where person_key in ('alma', 'berta')) g`,
    [stage.tenant, functionCodes.filter((code) => code !== 'SYS' && code !== 'BOARD')],
  );
}

/** Whatever moment a mutation waits for, it is now: the processes bear the tags of all of them at once. */
async function bringEveryMoment(stage: Stage): Promise<void> {
  const lists = [...file('data/processes/opening-2.json').matchAll(/"tags": \[([^\]]*)\]/g)];
  const tags = new Set(lists.flatMap(([, list]) => list!.match(/\w+/g) ?? []));
  for (const tag of ['terminal', 'consensus', 'notStarted']) tags.delete(tag);
  await stage.superuser.query('update engine.process set tags = $1', [[...tags]]);
}

interface Special {
  readonly who?: string;
  readonly needs?: () => Promise<object> | object;
}
/** What a mutation needs beside what any well-formed input has, and who sends it if not Alma. */
const specials = (of: Furnished): Record<string, Special> => ({
  acceptAssignments: {
    who: 'teamleiter',
    needs: async () => ({ assignmentIds: [await of.assignmentIn('PROPOSED')] }),
  },
  applyAssignmentRule: {
    needs: () => ({
      rule: {
        unitId: of.ids['underId'],
        levels: ['L2'],
        fields: ['LEI'],
        competent: { postId: of.ids['postId'] },
      },
    }),
  },
  applyImport: { needs: () => ({ missing: 'KEEP' }) },
  assessCondition: { needs: () => ({ conditionId: of.ids['shownConditionId'] }) },
  assignResponsibility: { needs: () => ({ kind: 'COMPETENT', codes: ['STE-01'] }) },
  castVote: {
    who: 'mitglied',
    needs: async () => ({
      choice: 'ABSTAIN',
      contentHash: (await of.stage.read((db) => of.stage.get(Board).recognitions(db, [of.team.id]))).get(
        of.team.id,
      )!.contentHash,
    }),
  },
  rewriteDraft: { needs: () => ({ ...of.draftAsRead('rewriteDraft'), source: of.ids['source'] }) },
  classifyUnit: { needs: () => ({ name: 'Team Eins' }) },
  coSignTargets: {
    needs: async () => ({
      as: 'FIN',
      contentHash: await of.stage.read(async (db) =>
        agreementHash(of.team.id, await measuresOf(db, [of.team.id])),
      ),
    }),
  },
  confirmAssignments: {
    who: 'berta',
    needs: async () => ({ assignmentIds: [await of.assignmentIn('ACCEPTED')] }),
  },
  confirmEffect: { needs: async () => ({ measureId: await of.measureIn('REPORTED_DONE') }) },
  confirmGrant: { who: 'berta' },
  confirmRatings: { who: 'berta', needs: async () => ({ ratings: [await of.rating()] }) },
  declineAssignments: {
    who: 'teamleiter',
    needs: async () => ({ assignmentIds: [await of.assignmentIn('PROPOSED')] }),
  },
  defineUnitKind: { needs: () => ({ code: 'NEU' }) },
  discardDraft: { needs: () => of.draftAsRead('discardDraft') },
  draftDefinition: { needs: () => ({ source: of.ids['source'] }) },
  dropDeliveries: { needs: () => ({ deliveryIds: [of.ids['droppedDeliveryId']] }) },
  dropMeasure: { needs: async () => ({ measureId: await of.measureIn('DRAFT') }) },
  endAssignment: { needs: async () => ({ assignmentId: await of.assignmentIn('CONFIRMED', 'ACCEPTED') }) },
  endWebhook: { needs: () => ({ webhookId: of.ids['webhookId'] }) },
  endRound: { needs: () => of.roundAsRead() },
  endUnit: { needs: () => ({ unitId: of.ids['emptyUnitId'] }) },
  grantFunction: { needs: () => ({ function: 'STEERING', scope: 'TENANT', personId: of.ids['personId'] }) },
  handBackAssignment: {
    who: 'teamleiter',
    needs: async () => ({ assignmentId: await of.assignmentIn('CONFIRMED') }),
  },
  joinRound: { needs: () => ({ roundId: of.ids['draftId'] }) },
  nameRoundPeople: {
    needs: () => ({
      roundId: of.ids['draftId'],
      people: [{ function: 'STEERING', personId: of.ids['personId'] }],
    }),
  },
  openRound: {
    needs: () => ({
      name: { de: 'Öffnung', en: 'Opening' },
      opensOn: '2026-01-01',
      closesOn: '2099-12-31',
      mandate: { title: 'Auftrag', reference: '1', decidedOn: '2020-01-01', body: 'Kreistag' },
      scope: { subtrees: [of.ids['unitId']] },
    }),
  },
  previewImport: { needs: () => ({ missing: 'KEEP' }) },
  proposeSuccession: {
    needs: () => ({ unitId: of.ids['officeId'], successorIds: [of.ids['unitId']] }),
  },
  confirmSuccession: { who: 'berta' },
  provideEvidence: {
    needs: () => ({ answers: [{ requestId: of.ids['requestId'], newEvidence: [evidence] }] }),
  },
  publishDraft: { needs: () => of.draftInReview('publishDraft') },
  proposeMigration: {
    needs: () => ({
      states: [{ from: 'live.course.review.desk', to: ['live.course.review.reading'] }],
      begin: ['live.note.none'],
    }),
  },
  publishEdition: { who: 'berta', needs: () => ({ editionId: of.ids['draftEditionId'] }) },
  rateAsAuditor: {
    needs: () => ({ ratings: [{ criterionId: of.ids['criterionId'], level: 1, explanation: 'Gesehen' }] }),
  },
  rateCriteria: { needs: async () => ({ ratings: [await of.rating()] }) },
  registerWebhook: { needs: () => ({ events: ['draftSent'], secret: 's'.repeat(40) }) },
  retryDeliveries: { needs: () => ({ deliveryIds: [of.ids['retriedDeliveryId']] }) },
  chooseNotices: { needs: () => ({ choices: [{ kind: 'draftSent', rhythm: 'DAILY' }] }) },
  reportOnMeasures: {
    needs: async () => ({
      reports: [{ measureId: await of.measureIn('AGREED'), status: 'IN_PROGRESS', note: 'Läuft' }],
    }),
  },
  resolveDifference: {
    needs: async () => {
      const { criterionId, expectedRatingVersion } = await of.rating(of.ids['disputedId']!, 1);
      return { criterionId, level: 1, expectedRatingVersion };
    },
  },
  retireDefinition: { needs: () => ({ definitionId: of.ids['unusedDefinitionId'] }) },
  returnDraft: { needs: () => ({ draftId: of.ids['returnDraft'] }) },
  reviseMeasure: {
    needs: async () => {
      const measureId = await of.measureIn('DRAFT');
      return {
        measureId,
        expectedVersion: await of.newest(
          'max(version)',
          'planning.measure_terms',
          `measure_id = '${measureId}'`,
        ),
      };
    },
  },
  runBulk: { needs: () => ({ step: 'PIN_NOTE', filter: { processIds: [of.ids['pinnedId']] } }) },
  runMigration: { who: 'berta', needs: () => ({ filter: { processIds: [of.ids['movableId']] } }) },
  showCondition: { needs: () => ({ newEvidence: [evidence] }) },
  signReport: {
    who: 'zweitauditor',
    needs: async () => {
      const texts = await of.stage.read((db) => reportTexts(db, [of.team.id]));
      return { contentHash: reportHash(await of.team.sheet(), texts.get(of.team.id)) };
    },
  },
  startRound: { needs: () => of.roundAsRead(of.ids['draftId']!) },
  submitDraft: { needs: () => of.draftAsRead('submitDraft') },
  undoMigration: { needs: () => ({ processIds: [of.ids['movedId']] }) },
  takeStep: { needs: () => ({ step: 'EVIDENCE_PROVIDED', payload: { note: 'Alles da' } }) },
});
