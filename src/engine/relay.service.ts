import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { v5 } from 'uuid';
import { Background, Config, Jobs, Loop, openSession } from '../platform/index.ts';
import { anythingSince, channel, payloadsOf, type Change } from './live.rules.ts';

/** A notice on its way to whoever delivers it: what it is, and which functions it is for. */
export interface NoticeJob {
  readonly tenant: string;
  readonly processId: string;
  readonly seq: number;
  readonly no: number;
  readonly kind: string;
  readonly to: readonly string[];
}

interface OutboxRow extends Omit<NoticeJob, 'to'> {
  readonly body: { readonly to: readonly string[] };
  readonly told: boolean;
}

const log = new Logger('Relay');
const pauseMs = 200;
const batch = 500;
/** Of the one server that relays; the others stand by. */
const leadership = 'select pg_try_advisory_lock(20261124, 1) as leads';
const take = `delete from engine.outbox o using (
    select tenant_id, process_id, seq, no from engine.outbox order by process_id, seq, no limit ${batch}
    for update skip locked) t
  where (o.tenant_id, o.process_id, o.seq, o.no) = (t.tenant_id, t.process_id, t.seq, t.no)
  returning o.tenant_id as tenant, o.process_id as "processId", o.seq, o.no, o.kind, o.body, o.told`;
/** What is visible now and was not to the snapshot $1, in whatever order transactions ended: steps, and commands that
 *  took none. Numbers beyond the present ones came with a restored backup and are no news. */
const news = `with now as materialized (select pg_current_snapshot() as snapshot),
  written as (
    select tenant_id, process_id, seq, xact from engine.log_entry where xact >= pg_snapshot_xmin($1::pg_snapshot)
    union all
    select tenant_id, null, null, xact from platform.command c where xact >= pg_snapshot_xmin($1::pg_snapshot)
       and not exists (select from engine.log_entry e where e.xact = c.xact))
  select snapshot::text, tenant_id as tenant, process_id as "processId", max(seq) as seq
    from now left join written
      on xact < pg_snapshot_xmax(snapshot) and not pg_visible_in_snapshot(xact, $1::pg_snapshot)
   group by 1, 2, 3`;
const announce = `select pg_notify('${channel}', payload) from unnest($1::text[]) payload`;
const namespace = '6b0e0c5e-9d0b-5c67-8f2b-0b6d3a1c9e42';

/** The id of a notice wherever it goes: the receiver's key against doing anything twice. */
export const noticeId = ({ processId, seq, no }: Pick<NoticeJob, 'processId' | 'seq' | 'no'>): string =>
  v5(`${processId} ${seq} ${no}`, namespace);

/**
 * Carries what commands left behind out of the database's rows: notices become jobs, changes are told to all servers.
 * One server does it, whichever holds the lock; it dies with its session, and another takes over at its next look.
 * Rows go and jobs come in one transaction, so a kill at any moment loses nothing and doubles nothing.
 */
@Injectable()
export class Relay {
  readonly #config: Config;
  readonly #jobs: Jobs;
  readonly #loop = new Loop(
    () => this.#turn(),
    pauseMs,
    (error) => log.warn(error.message),
  );
  #session: pg.Client | undefined;
  #leads = false;
  /** Up to where changes were told; a new leader does not know, and tells everybody to look. */
  #told: string | undefined;

  constructor(config: Config, jobs: Jobs, background: Background) {
    this.#config = config;
    this.#jobs = jobs;
    background.add({ name: 'relay', start: () => this.start(), stop: () => this.stop() });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#session?.end();
    this.#forget();
  }

  async #turn(): Promise<void> {
    const session = (this.#session ??= await this.#open());
    try {
      if (!this.#leads) {
        const { rows } = await session.query(leadership);
        this.#leads = rows[0].leads;
      }
      if (!this.#leads) return;
      while ((await this.#relay(session)) === batch);
    } catch (error) {
      await session.end().catch(() => {});
      this.#forget();
      throw error;
    }
  }

  #open(): Promise<pg.Client> {
    return openSession(this.#config.database, { jobs: true, onLost: () => this.#forget() });
  }

  #forget(): void {
    this.#session = undefined;
    this.#leads = false;
    this.#told = undefined;
  }

  /** One batch in one transaction; how many outbox rows it took. */
  async #relay(session: pg.Client): Promise<number> {
    await session.query('begin');
    const { rows } = await session.query<OutboxRow>({ name: 'relay-take', text: take });
    await this.#jobs.addAs(session, 'notice', jobsOf(rows));
    const { payloads, told } = await this.#news(session);
    if (payloads.length > 0) await session.query(announce, [payloads]);
    const { command } = await session.query('commit');
    if (command !== 'COMMIT') throw new Error('The relay did not commit');
    this.#told = told;
    return rows.length;
  }

  async #news(session: pg.Client): Promise<{ payloads: string[]; told: string }> {
    if (this.#told === undefined) {
      const { rows } = await session.query('select pg_current_snapshot()::text as snapshot');
      const told = rows[0].snapshot as string;
      return { payloads: [anythingSince(told)], told };
    }
    const { rows } = await session.query<NewsRow>({ name: 'relay-news', text: news, values: [this.#told] });
    const told = rows[0]!.snapshot;
    return { payloads: payloadsOf(changesIn(rows), told), told };
  }
}

interface NewsRow {
  readonly snapshot: string;
  readonly tenant: string | null;
  readonly processId: string | null;
  readonly seq: number | null;
}

const jobsOf = (rows: readonly OutboxRow[]) =>
  rows
    .filter(({ told }) => !told)
    .map(({ body, told: _told, ...notice }) => ({
      id: noticeId(notice),
      data: { ...notice, to: body.to },
    }));

function changesIn(rows: readonly NewsRow[]): Change[] {
  const byTenant = Map.groupBy(
    rows.filter(({ tenant }) => tenant !== null),
    ({ tenant }) => tenant!,
  );
  return [...byTenant].map(([tenant, changed]) => ({
    tenant,
    processes: changed.flatMap(({ processId: id, seq }) => (id && seq ? [{ id, seq }] : [])),
    commands: changed.some(({ processId }) => processId === null),
  }));
}
