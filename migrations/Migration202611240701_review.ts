import { Migration } from '@mikro-orm/migrations';
import { bitemporal, tenantTable } from './support/tenant-table.ts';

/**
 * The outside look at an opening process: evidence asked for, notes of the visit, the report with its comments and its
 * release, the board's votes and decision, conditions, the yearly statement. All of it stands as it was written;
 * only a note of the visit and a proposed condition can be taken back.
 */
export class Migration202611240701_review extends Migration {
  override async up(): Promise<void> {
    for (const script of [requests, report, decision, afterwards]) this.addSql(script);
    for (const table of ['visit_note', 'condition']) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(bitemporal(`audit.${table}`));
    }
    for (const table of appended) {
      this.addSql(tenantTable(`audit.${table}`, 'append'));
      this.addSql(`create trigger append_only before update or delete on audit.${table}
        for each row execute function platform.append_only();`);
    }
  }
}

const appended = [
  'evidence_request',
  'evidence_answer',
  'evidence_answer_item',
  'report_text',
  'report_comment',
  'report_reply',
  'report_release',
  'recommendation',
  'decision',
  'vote',
  'decision_outcome',
  'condition_entry',
  'condition_evidence',
  'surveillance_statement',
];

/** Every row names a person who wrote it; a deputy's row also names the person stood in for. */
const author = `
    person_id uuid not null,
    recorded_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, person_id) references identity.person (tenant_id, id)`;
const ofProcess = `
    foreign key (tenant_id, process_id) references audit.opening_process (tenant_id, id)`;
const ofCriterion = `
    foreign key (tenant_id, process_id, criterion_id)
      references audit.process_criterion (tenant_id, process_id, criterion_id)`;
const byPerson = (...tables: string[]) =>
  tables.map((table) => `create index on audit.${table} (tenant_id, person_id);`).join('\n');

const requests = `
  create table audit.evidence_request (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    criterion_id uuid not null,
    request_no int not null check (request_no >= 1),
    wanted text not null check (char_length(wanted) between 1 and 2000),
    ${author},
    unique (tenant_id, process_id, request_no, criterion_id),
    ${ofCriterion}
  );
  create index on audit.evidence_request (tenant_id, process_id, criterion_id);

  -- What the unit brought; several answers to one request add up.
  create table audit.evidence_answer (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    request_id uuid not null,
    note text check (char_length(note) <= 2000),
    ${author},
    foreign key (tenant_id, request_id) references audit.evidence_request (tenant_id, id)
  );
  create index on audit.evidence_answer (tenant_id, request_id);
  create table audit.evidence_answer_item (
    tenant_id uuid not null,
    answer_id uuid not null,
    evidence_id uuid not null,
    primary key (tenant_id, answer_id, evidence_id),
    foreign key (tenant_id, answer_id) references audit.evidence_answer (tenant_id, id),
    foreign key (tenant_id, evidence_id) references evidence.evidence (tenant_id, id)
  );
  create index on audit.evidence_answer_item (tenant_id, evidence_id);

  -- Talks are noted by criterion and without names.
  create table audit.visit_note (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    criterion_id uuid,
    note text not null check (char_length(note) between 1 and 4000),
    retracted_at timestamptz,
    ${author},
    ${ofProcess},
    ${ofCriterion}
  );
  create index on audit.visit_note (tenant_id, process_id, criterion_id);
  ${byPerson('evidence_request', 'evidence_answer', 'visit_note')}
`;

const report = `
  -- The report's own words; the ratings and explanations it stands on are rows of audit.rating.
  create table audit.report_text (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    version int not null check (version >= 1),
    summary text not null check (char_length(summary) between 1 and 4000),
    public_summary text check (char_length(public_summary) <= 4000),
    ${author},
    constraint report_text_version_once unique (tenant_id, process_id, version),
    ${ofProcess}
  );

  create table audit.report_comment (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    criterion_id uuid,
    comment text not null check (char_length(comment) between 1 and 4000),
    ${author},
    ${ofProcess},
    ${ofCriterion}
  );
  create index on audit.report_comment (tenant_id, process_id, criterion_id);
  create table audit.report_reply (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    comment_id uuid not null,
    reply text not null check (char_length(reply) between 1 and 4000),
    ${author},
    foreign key (tenant_id, comment_id) references audit.report_comment (tenant_id, id)
  );
  create index on audit.report_reply (tenant_id, comment_id);

  -- A report as it went out: draft to the unit, or final with its visibility. The hash says which content that was.
  create table audit.report_release (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    release_no int not null check (release_no >= 1),
    kind text not null check (kind in ('DRAFT', 'FINAL')),
    visibility text check (visibility in ('INTERNAL', 'PUBLIC')),
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    ${author},
    check ((kind = 'FINAL') = (visibility is not null)),
    unique (tenant_id, process_id, release_no),
    ${ofProcess}
  );
  ${byPerson('report_text', 'report_comment', 'report_reply', 'report_release')}
`;

const decision = `
  create table audit.recommendation (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    recommended text not null check (recommended in ('FULL', 'CONDITIONAL', 'REFUSED')),
    reason text not null check (char_length(reason) between 1 and 2000),
    ${author},
    ${ofProcess}
  );
  create index on audit.recommendation (tenant_id, process_id, recorded_at);

  -- What the board votes on: the final ratings by their hash, and what they allow under the thresholds of the day.
  create table audit.decision (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    decision_no int not null check (decision_no >= 1),
    opened_at timestamptz not null default platform.now(),
    primary key (tenant_id, id),
    constraint decision_no_once unique (tenant_id, process_id, decision_no),
    ${ofProcess}
  );
  create table audit.vote (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    decision_id uuid not null,
    vote_no int not null check (vote_no >= 1),
    choice text not null check (choice in ('FOR_FULL', 'FOR_CONDITIONS', 'FOR_REFUSAL', 'ABSTAIN')),
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    rationale text check (char_length(rationale) <= 2000),
    ${author},
    -- A member may think again until the decision is taken; the latest vote counts.
    constraint vote_no_once unique (tenant_id, decision_id, person_id, vote_no),
    foreign key (tenant_id, decision_id) references audit.decision (tenant_id, id)
  );
  -- One row for each outcome a decision led to; a withdrawal or fulfilled conditions end it anew.
  create table audit.decision_outcome (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    decision_id uuid,
    outcome text not null check (outcome in ('FULL', 'CONDITIONAL', 'REFUSED', 'WITHDRAWN')),
    allowed text not null check (allowed in ('FULL', 'CONDITIONAL', 'REFUSED')),
    exemplary boolean not null,
    points int not null,
    points_of int not null check (points between 0 and points_of),
    thresholds_version int not null,
    content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
    votes_full int not null default 0,
    votes_conditions int not null default 0,
    votes_refusal int not null default 0,
    votes_abstain int not null default 0,
    excluded int not null default 0,
    quorum int not null default 0,
    reason text check (char_length(reason) <= 2000),
    ${author},
    foreign key (tenant_id, decision_id) references audit.decision (tenant_id, id),
    ${ofProcess}
  );
  create index on audit.decision_outcome (tenant_id, process_id, recorded_at);
  -- A vote leads to one outcome; later ones (fulfilled, withdrawn) carry no vote.
  create unique index decided_once on audit.decision_outcome (tenant_id, decision_id);
  ${byPerson('recommendation', 'vote', 'decision_outcome')}
`;

const afterwards = `
  create table audit.condition (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    criterion_id uuid,
    demand text not null check (char_length(demand) between 1 and 2000),
    due_on date not null,
    retracted_at timestamptz,
    ${author},
    ${ofProcess},
    ${ofCriterion}
  );
  create index on audit.condition (tenant_id, process_id, criterion_id);
  create table audit.condition_entry (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    condition_id uuid not null,
    entry_no int not null check (entry_no >= 1),
    kind text not null check (kind in ('SHOWN', 'MET', 'NOT_MET')),
    note text not null check (char_length(note) between 1 and 2000),
    ${author},
    constraint condition_entry_no_once unique (tenant_id, condition_id, entry_no),
    foreign key (tenant_id, condition_id) references audit.condition (tenant_id, id)
  );
  create table audit.condition_evidence (
    tenant_id uuid not null,
    entry_id uuid not null,
    evidence_id uuid not null,
    primary key (tenant_id, entry_id, evidence_id),
    foreign key (tenant_id, entry_id) references audit.condition_entry (tenant_id, id),
    foreign key (tenant_id, evidence_id) references evidence.evidence (tenant_id, id)
  );
  create index on audit.condition_evidence (tenant_id, evidence_id);

  -- The head's yearly word on each core criterion while the recognition lasts.
  create table audit.surveillance_statement (
    tenant_id uuid not null,
    id uuid not null default gen_random_uuid(),
    process_id uuid not null,
    criterion_id uuid not null,
    upheld boolean not null,
    statement text not null check (char_length(statement) between 1 and 2000),
    ${author},
    ${ofCriterion}
  );
  create index on audit.surveillance_statement (tenant_id, process_id, criterion_id, recorded_at);
  ${byPerson('condition', 'condition_entry', 'surveillance_statement')}
`;
