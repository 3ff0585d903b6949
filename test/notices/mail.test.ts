import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Notices } from '../../src/notices/notices.service.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type TestApp } from '../support/app.ts';
import { PostOffice, type Treatment } from '../support/smtp.ts';
import { openDoors } from '../support/stream.ts';
import { until } from '../support/until.ts';

// Mails leave a real server through a real mail server; what the mail server refuses is kept, seen and retried.
const office = new PostOffice();
let stage: Stage;
let team: Opening;
let app: TestApp;

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  await stage.superuser.query(`delete from engine.outbox`);
  await stage.superuser.query(`update identity.person set mail = person_key || '@probe.example'`);
  // What takes hours in life takes as long here as asking again.
  await stage.superuser.query(
    `update pgboss.queue set retry_delay = 0, retry_backoff = false, retry_limit = 2`,
  );
  const environment = {
    SMTP_URL: await office.open(),
    MAIL_FROM: 'amt@probe.example',
    PUBLIC_URL: 'https://amt.example/',
  };
  app = await bootApp(stage.database, 'probe', environment);
  await openDoors(app.app);
  await toSelfAssessment();
}, 60_000);
afterEach(() => {
  office.treatment.clear();
  office.beforeThanks = undefined;
});
afterAll(async () => {
  await app?.close();
  await office.close();
  await stage?.close();
});

const address = (name: string) => `${name}@probe.example`;
const mails = (name: string) => office.for(address(name));
const treat = (name: string, treatment: Treatment) => office.treatment.set(address(name), treatment);
const arrived = (name: string, count: number) =>
  until(async () => mails(name).length >= count && mails(name), `mail ${count} for ${name}`);
const failed = async (who = 'koordination') =>
  (
    await app.see(
      who,
      '{ failedDeliveries { id channel kind label functions since attempts lastError process { id } } }',
    )
  )['failedDeliveries'] as Record<string, any>[];
const someFailed = () =>
  until(async () => ((await failed()).length > 0 ? failed() : undefined), 'a failed delivery');
const deliveriesOf = async (name: string) =>
  (
    await stage.superuser.query('select * from notices.effect where person_id = $1 order by created_at, id', [
      stage.persons.get(name),
    ])
  ).rows;

const settled = () =>
  until(
    async () =>
      (await stage.superuser.query(`select from notices.effect where state = 'WAITING'`)).rowCount === 0,
    'nothing that waits',
  );

async function toSelfAssessment(): Promise<void> {
  const [ownerId, deputyId] = ['anna', 'bora'].map((name) => stage.persons.get(name));
  await team.take('teamleiter', 'NAME_TEAM', { ownerId, deputyId });
  await team.take('koordination', 'CONFIRM_SCOPE', { representationsInformedOn: '2026-01-15' });
}
/** Notices for the head of the team, each under another number. */
let sent = 0;
async function notifyHead(times = 1, to: readonly string[] = ['HEAD']): Promise<void> {
  sent += times;
  await stage.superuser.query(`select set_config('app.tenant', $1, false)`, [stage.tenant]);
  await stage.superuser.query(
    `insert into engine.outbox (tenant_id, process_id, seq, no, kind, body)
     select $1, $2, max(seq), $3 - n, 'draftSent', $5::jsonb
       from engine.log_entry, generate_series(0, $4 - 1) n where process_id = $2 group by n`,
    [stage.tenant, team.id, 100 + sent, times, JSON.stringify({ to })],
  );
}

describe('a notice', () => {
  test('reaches whoever holds the function, once, with the unit and a link and nothing people wrote', async () => {
    await team.take('anna', 'OPEN_SELF_ASSESSMENT');
    const [mail] = await arrived('anna', 1);
    expect(mail).toMatchObject({
      subject: 'Selbsteinschätzung eröffnet: Einheit T1',
      from: { value: [{ address: 'amt@probe.example' }] },
      to: { value: [{ address: address('anna') }] },
    });
    expect(mail!.text).toContain(`https://amt.example/processes/${team.id}`);
    const delivery = await until(
      async () => (await deliveriesOf('anna')).find(({ state }) => state === 'DELIVERED'),
      'the delivery',
    );
    expect(mail!.messageId).toBe(`<${delivery.id}@amt.example>`);
    expect(delivery).toMatchObject({ attempts: 1, functions: ['OWNER'] });

    // The job done again, as after a crash: nothing happens twice.
    const { rows } = await stage.superuser.query(`select id, data from pgboss.job where name = 'notice'`);
    for (const job of rows)
      await app.app
        .get(Notices, { strict: false })
        .dispatch({ ...job, retries: 1, signal: AbortSignal.timeout(1000) });
    expect(await deliveriesOf('anna')).toHaveLength(1);
  });

  test('comes in the language its reader chose', async () => {
    await app.does('teamleiter', 'chooseNotices', { language: 'EN' });
    await notifyHead();
    expect((await arrived('teamleiter', 1)).at(-1)!.subject).toBe('Draft report available: Einheit T1');
    await app.does('teamleiter', 'chooseNotices', { language: 'DE' });
  });
});

describe('a mail server that refuses', () => {
  test('for now is asked again', async () => {
    const before = mails('teamleiter').length;
    treat('teamleiter', 451);
    await notifyHead();
    await until(
      async () => (await deliveriesOf('teamleiter')).at(-1)?.fault === 'SMTP_451',
      'a first failure',
    );
    office.treatment.clear();
    await arrived('teamleiter', before + 1);
    await until(async () => (await deliveriesOf('teamleiter')).at(-1)?.state === 'DELIVERED', 'the delivery');
    expect(mails('teamleiter')).toHaveLength(before + 1);
  });

  test('to one reader does not send those again that leave with it', async () => {
    const before = mails('teamleiter').length;
    treat('anna', 421);
    await notifyHead(1, ['HEAD', 'OWNER']);
    const [one] = await someFailed();
    expect(one).toMatchObject({ functions: ['OWNER'], attempts: 3 });
    expect(mails('teamleiter')).toHaveLength(before + 1);
    expect((await deliveriesOf('teamleiter')).at(-1)).toMatchObject({ state: 'DELIVERED', attempts: 1 });
    await app.does('koordination', 'dropDeliveries', { deliveryIds: [one!['id']], reason: 'Probe' });
  });

  test('for good fails the mail at once; retried it leaves, and nobody’s address was shown', async () => {
    const before = mails('teamleiter').length;
    treat('teamleiter', 550);
    await notifyHead();
    const [one, ...others] = await someFailed();
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      channel: 'MAIL',
      kind: 'draftSent',
      label: 'Berichtsentwurf liegt vor',
      functions: ['HEAD'],
      attempts: 1,
      lastError: 'Die Gegenseite hat abgelehnt (SMTP 550).',
      process: { id: team.id },
    });
    expect(JSON.stringify(one)).not.toContain('teamleiter');
    expect((await app.ask('teamleiter', '{ failedDeliveries { id } }')).errors![0]!.extensions.code).toBe(
      'FORBIDDEN',
    );
    expect((await app.act('teamleiter', 'retryDeliveries', { deliveryIds: [one!['id']] })).__typename).toBe(
      'NotAllowed',
    );
    office.treatment.clear();
    await app.does('koordination', 'retryDeliveries', { deliveryIds: [one!['id']] });
    await arrived('teamleiter', before + 1);
    await settled();
    expect(await failed()).toEqual([]);
  });

  test('again and again fails it after the last attempt', async () => {
    treat('teamleiter', 421);
    await notifyHead();
    const [one] = await someFailed();
    expect(one).toMatchObject({ attempts: 3, lastError: 'Die Gegenseite hat abgelehnt (SMTP 421).' });
    const reason = { deliveryIds: [one!['id']], reason: 'Postfach gibt es nicht mehr.' };
    expect((await app.act('koordination', 'dropDeliveries', { ...reason, reason: ' ' })).__typename).toBe(
      'InvalidInput',
    );
    await app.does('koordination', 'dropDeliveries', reason);
    expect(await failed()).toEqual([]);
    expect((await app.act('koordination', 'retryDeliveries', { deliveryIds: [one!['id']] })).__typename).toBe(
      'NotPossibleNow',
    );
  });

  test('by silence is not waited for', async () => {
    treat('teamleiter', 'SILENCE');
    await stage.superuser.query('update pgboss.queue set retry_limit = 0');
    await notifyHead();
    const [one] = await someFailed();
    expect(one!['lastError']).toBe('Der Server der Gegenseite hat nicht geantwortet.');
    await stage.superuser.query('update pgboss.queue set retry_limit = 2');
    await app.does('koordination', 'dropDeliveries', { deliveryIds: [one!['id']], reason: 'Probe' });
  });
});

test('a server that dies between the mail server’s thanks and its commit sends the same Message-ID again', async () => {
  const before = mails('teamleiter').length;
  office.beforeThanks = async () => {
    office.beforeThanks = undefined;
    await stage.superuser.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'offenes-amt' and datname = current_database()`,
    );
  };
  await notifyHead();
  const all = await arrived('teamleiter', before + 2);
  const [first, second] = all.slice(before);
  expect(second!.messageId).toBe(first!.messageId);
  await until(async () => (await deliveriesOf('teamleiter')).at(-1)?.state === 'DELIVERED', 'the delivery');
  expect(mails('teamleiter')).toHaveLength(before + 2);
});

test('whoever has no address receives nothing, and that is seen', async () => {
  await stage.superuser.query(`update identity.person set mail = null where person_key = 'teamleiter'`);
  await notifyHead();
  const [one] = await someFailed();
  expect(one!['lastError']).toBe('Für den Empfang ist keine Mailadresse hinterlegt.');
  await stage.superuser.query(`update identity.person set mail = $1 where person_key = 'teamleiter'`, [
    address('teamleiter'),
  ]);
  const before = mails('teamleiter').length;
  await app.does('koordination', 'retryDeliveries', { deliveryIds: [one!['id']] });
  await arrived('teamleiter', before + 1);
});

describe('whoever chose', () => {
  test('one mail a day gets what has gathered in one', async () => {
    const before = mails('teamleiter').length;
    await app.does('teamleiter', 'chooseNotices', { rhythm: 'DAILY' });
    await notifyHead(2);
    const waiting = () =>
      deliveriesOf('teamleiter').then((all) => all.filter(({ state }) => state === 'WAITING'));
    await until(async () => (await waiting()).length === 2, 'two that wait');
    for (const { due_at } of await waiting())
      expect(due_at.toLocaleTimeString('de-DE', { timeZone: 'Europe/Berlin' })).toBe('07:00:00');
    expect(mails('teamleiter')).toHaveLength(before);
    const morning = `update pgboss.job set start_after = now() where data ? 'person' and state = 'created'`;
    expect((await stage.superuser.query(morning)).rowCount).toBe(1);
    const mail = (await arrived('teamleiter', before + 1)).at(-1)!;
    expect(mail.subject).toBe('Neues in Ihren Vorgängen (2)');
    expect(mail.text!.match(/Berichtsentwurf liegt vor: Einheit T1/g)).toHaveLength(2);
    await until(async () => (await waiting()).length === 0, 'both delivered');
  });

  test('nothing for a kind gets nothing of it', async () => {
    const { settings } = await app.does(
      'teamleiter',
      'chooseNotices',
      { rhythm: 'AT_ONCE', choices: [{ kind: 'draftSent', rhythm: 'OFF' }] },
      'settings { language rhythm kinds { kind label rhythm } }',
    );
    expect(settings).toMatchObject({ language: 'DE', rhythm: 'AT_ONCE' });
    expect(settings.kinds).toContainEqual({
      kind: 'draftSent',
      label: 'Berichtsentwurf liegt vor',
      rhythm: 'OFF',
    });
    const before = (await deliveriesOf('teamleiter')).length;
    await notifyHead();
    const handled = `select count(*)::int as n from pgboss.job where name = 'notice' and state <> 'completed'`;
    await until(
      async () =>
        (await stage.superuser.query('select from engine.outbox')).rowCount === 0 &&
        (await stage.superuser.query(handled)).rows[0].n === 0,
      'the notice to be handled',
    );
    expect(await deliveriesOf('teamleiter')).toHaveLength(before);
  });

  test('another kind than there is is refused', async () => {
    const outcome = await app.act('teamleiter', 'chooseNotices', {
      choices: [{ kind: 'constructor', rhythm: 'OFF' }],
    });
    expect(outcome).toMatchObject({ __typename: 'InvalidInput', faults: [{ path: 'choices.0.kind' }] });
  });
});

test('a notice whose receivers cannot be found fails whole, and retried it finds them', async () => {
  await app.does('teamleiter', 'chooseNotices', { choices: [{ kind: 'draftSent', rhythm: 'AT_ONCE' }] });
  await stage.superuser.query('alter table notices.choice rename to elsewhere');
  await notifyHead();
  const [one] = await someFailed();
  expect(one).toMatchObject({ channel: 'NOTICE', functions: ['HEAD'] });
  await stage.superuser.query('alter table notices.elsewhere rename to choice');
  const before = mails('teamleiter').length;
  await app.does('koordination', 'retryDeliveries', { deliveryIds: [one!['id']] });
  await arrived('teamleiter', before + 1);
  await settled();
  expect(await failed()).toEqual([]);
});

test('one of several notices that cannot be dispatched holds up none of the others, and fails alone', async () => {
  const before = mails('teamleiter').length;
  const broken = 100 + sent + 2;
  await stage.superuser.query(`
    create function public.break() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
    create trigger break before insert on notices.effect for each row
      when (new.no = ${broken} and new.channel = 'MAIL') execute function public.break()`);
  await notifyHead(3);
  await arrived('teamleiter', before + 2);
  const [one, ...others] = await someFailed();
  expect(others).toEqual([]);
  expect(one).toMatchObject({ channel: 'NOTICE', functions: ['HEAD'] });
  await stage.superuser.query('drop trigger break on notices.effect');
  await app.does('koordination', 'retryDeliveries', { deliveryIds: [one!['id']] });
  await arrived('teamleiter', before + 3);
  await settled();
  expect(mails('teamleiter')).toHaveLength(before + 3);
  expect(await failed()).toEqual([]);
});
