import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Clock } from '../../src/platform/index.ts';
import { startedRound, type Opening } from '../audit/opening.ts';
import type { Stage } from '../audit/support.ts';
import { bootApp, type Fields, type TestApp } from '../support/app.ts';

// Anna carries the process of the team of `teamleiter`, Bora stands in for her; both hold posts there, and both leave.
let stage: Stage;
let team: Opening;
let walk: TestApp;
const posts: string[] = [];

const inDays = (n: number) => new Date(Date.now() + n * 86_400_000);
const at = <T>(days: number, work: () => Promise<T>): Promise<T> =>
  walk.app.get(Clock).at(inDays(days), work);
const staffing = async (days: number): Promise<Fields> =>
  (
    await at(days, () =>
      walk.see(
        'koordination',
        `{ openingProcess(id: "${team.id}") { staffing { state since } process { stage } } }`,
      ),
    )
  )['openingProcess'];
const kinds = async (days: number): Promise<string[]> =>
  (await at(days, () => walk.see('personalamt', '{ myOpenWork { kind } }')))['myOpenWork'].map(
    ({ kind }: Fields) => kind,
  );
const vacates = (days: number, postId: string) =>
  at(days, () => walk.does('personalamt', 'vacatePost', { postId }));

beforeAll(async () => {
  ({ stage, team } = await startedRound());
  posts.push(await stage.seat('anna', 'T1-02', 'T1'), await stage.seat('bora', 'T1-03', 'T1'));
  walk = await bootApp(stage.database, 'probe');
  const [ownerId, deputyId] = [stage.persons.get('anna'), stage.persons.get('bora')];
  const payload = { ownerId, deputyId };
  await walk.does('teamleiter', 'takeStep', { processId: team.id, step: 'NAME_TEAM', payload });
}, 60_000);
afterAll(async () => {
  await walk?.close();
  await stage?.close();
});

test('while the deputy is there it is a gap, and nobody is told', async () => {
  await vacates(1, posts[0]!);
  expect((await staffing(40)).staffing.state).toBe('GAPS');
  expect(await kinds(40)).not.toContain('STAFF');
});

test('without anybody the process goes on, and after twenty working days HR finds it among its work', async () => {
  await vacates(2, posts[1]!);
  const { staffing: shown, process } = await staffing(3);
  expect(shown).toMatchObject({ state: 'VACANT', since: expect.any(String) });
  expect(process.stage).toBe('preparation.teamNamed');
  expect(await kinds(10)).not.toContain('STAFF');
  expect(await kinds(45)).toContain('STAFF');
});
