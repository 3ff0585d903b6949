import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';
import { PostOffice } from '../support/smtp.ts';
import { openDoors } from '../support/stream.ts';
import { until } from '../support/until.ts';

// The centre confirms the scope of both units' processes, and Anna answers for both: the head of each may remind them by
// hand, and still neither post hears of it more than once a day. Mails leave through a real mail server.
const office = new PostOffice();
let stage: Stage;
let team: Opening;
let above: Opening;
let walk: TestApp;

beforeAll(async () => {
  const started = await startedRound();
  ({ stage, team } = started);
  above = started.opening('A1', 'amtsleiterin');
  const named = (owner: string) => ({
    ownerId: stage.persons.get(owner)!,
    deputyId: stage.persons.get('bora')!,
  });
  await team.take('teamleiter', 'NAME_TEAM', named('anna'));
  await above.take('amtsleiterin', 'NAME_TEAM', named('anna'));
  await stage.superuser.query('delete from engine.outbox');
  await stage.superuser.query(`update identity.person set mail = person_key || '@probe.example'`);
  walk = await bootApp(stage.database, 'probe', {
    SMTP_URL: await office.open(),
    MAIL_FROM: 'amt@probe.example',
  });
  await openDoors(walk.app);
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await office.close();
  await stage?.close();
});

const remind = (who: string, { id }: Opening, payload?: object) =>
  walk.act(who, 'takeStep', { processId: id, step: 'REMIND_BY_HAND', payload }, 'process { version }');
/** What the platform's clock tells of another day reaches nobody by mail: so what was today becomes yesterday. */
const nextDay = () => stage.superuser.query('update engine.hand_reminder set day = day - 1');
const mails = (name: string) =>
  office.for(`${name}@probe.example`).filter(({ subject }) => subject!.startsWith('Erinnerung'));
const delivered = () =>
  until(async () => {
    const open = `select from engine.outbox union all select from notices.effect where state = 'WAITING'
      union all select from pgboss.job where name in ('notice', 'mail') and state in ('created', 'active', 'retry')`;
    return (await stage.superuser.query(open)).rowCount === 0;
  }, 'everything to be delivered');
const offered = async (who: string, { id }: Opening): Promise<Fields> => {
  const query = `{ process(id: "${id}") { possibleSteps { step enabled reasons { text } } } }`;
  const { possibleSteps } = (await walk.see(who, query))['process'];
  return possibleSteps.find(({ step }: Fields) => step === 'REMIND_BY_HAND');
};

test('whoever waits for a post reminds it, and it hears of it once', async () => {
  expect((await remind('teamleiter', team)).__typename).toBe('TakeStepSuccess');
  await delivered();
  expect(mails('koordination')).toHaveLength(1);
  expect(mails('anna')).toHaveLength(1);
});

test('reminded in one process, a post is not reminded in another one on the same day, and whoever tries is told', async () => {
  const refused = await remind('amtsleiterin', above);
  expect(refused.__typename).toBe('NotPossibleNow');
  expect(refused['message']).toMatch(
    /Prozessleitung: heute schon erinnert, hier oder in einem anderen Vorgang/,
  );
  expect(await offered('amtsleiterin', above)).toMatchObject({
    enabled: false,
    reasons: [{ text: expect.stringContaining('heute schon erinnert') }],
  });
  await delivered();
  expect(mails('koordination')).toHaveLength(1);
});

test('a post that was not reminded yet is, and nobody else with it', async () => {
  await stage.superuser.query(
    'delete from engine.hand_reminder where holder_id = $1',
    [stage.persons.get('anna')], // as if the owner had not been reminded
  );
  expect((await offered('amtsleiterin', above))['enabled']).toBe(true);
  expect((await remind('amtsleiterin', above)).__typename).toBe('TakeStepSuccess');
  await delivered();
  expect(mails('anna')).toHaveLength(2);
  expect(mails('koordination')).toHaveLength(1);
});

test('two who remind at the same moment reach nobody twice', async () => {
  await nextDay();
  await Promise.all([remind('teamleiter', team), remind('amtsleiterin', above)]);
  await delivered();
  expect(mails('koordination')).toHaveLength(2);
  expect(mails('anna')).toHaveLength(3);
});
