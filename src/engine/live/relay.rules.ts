import { v5 } from 'uuid';
import type { JobData, NewJob } from '../../platform/index.ts';
import { movedIn, type LiveChange } from './live.rules.ts';

/** What a step says to somebody: what it is, and which functions it is for. */
export interface Notice {
  readonly processId: string;
  readonly seq: number;
  readonly no: number;
  readonly kind: string;
  readonly to: readonly string[];
}

/** A notice as it waits to be taken. */
export interface OutboxRow extends Omit<Notice, 'to'> {
  readonly tenant: string;
  readonly body: { readonly to: readonly string[] };
  /** Written under a travelling clock, as the demo's history is: it goes out to nobody. */
  readonly backdated: boolean;
}

/** What one administration is to hear, or nothing. */
export interface NewsRow {
  readonly snapshot: string;
  readonly tenant: string | null;
  /** `process:seq process:seq …`, each once. */
  readonly named: string | null;
  readonly commands: boolean;
}

/** A job costs more than the notice in it, so several of one administration travel together. */
export const mostNotices = 25;
const namespace = '6b0e0c5e-9d0b-5c67-8f2b-0b6d3a1c9e42';

/** The id of a notice wherever it goes: the receiver's key against doing anything twice. */
export const noticeId = ({ processId, seq, no }: Pick<Notice, 'processId' | 'seq' | 'no'>): string =>
  v5(`${processId} ${seq} ${no}`, namespace);

/** A notice on its own, with its id as the job's. */
export const jobOf = (tenant: string, notice: Notice): NewJob => ({
  id: noticeId(notice),
  data: { tenant, notices: [notice] },
});

/** A job that an older release added holds one notice, without a list. */
export const noticesOf = ({ tenant: _tenant, notices, ...notice }: JobData): readonly Notice[] =>
  (notices ?? [notice]) as readonly Notice[];

/** What was taken from the outbox as jobs. A notice leaves the outbox once, so the first one names its batch. */
export function jobsOf(rows: readonly OutboxRow[]): NewJob[] {
  const jobs: NewJob[] = [];
  const byTenant = Map.groupBy(
    rows.filter(({ backdated }) => !backdated),
    ({ tenant }) => tenant,
  );
  for (const [tenant, mine] of byTenant)
    for (let i = 0; i < mine.length; i += mostNotices) {
      const notices = mine.slice(i, i + mostNotices).map(noticeIn);
      const [first, ...others] = notices as [Notice, ...Notice[]];
      const job = jobOf(tenant, first);
      jobs.push(others.length > 0 ? { id: v5('batch', job.id), data: { tenant, notices } } : job);
    }
  return jobs;
}

const noticeIn = ({ processId, seq, no, kind, body }: OutboxRow): Notice => ({
  processId,
  seq,
  no,
  kind,
  to: body.to,
});

export const changesIn = (rows: readonly NewsRow[]): LiveChange[] =>
  rows.flatMap(({ tenant, named, commands }) =>
    tenant === null ? [] : [{ tenant, processes: named?.split(' ').map(movedIn) ?? [], commands }],
  );
