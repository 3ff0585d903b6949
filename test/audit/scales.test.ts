import { afterEach, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { openingsById } from '../../src/audit/opening/opening-process.sql.ts';
import { maturity } from '../../src/audit/rating/counters.rules.ts';
import { Editions } from '../../src/catalogue/index.ts';
import { actorWith } from '../support/services.ts';
import { startedRound } from './opening.ts';
import { succeeded, type Stage } from './support.ts';

const shipped = readFileSync(new URL('../../data/catalogues/administration.yaml', import.meta.url), 'utf8');
const line = (stage: string | null, level: number) =>
  `  - { level: ${level}, label: { de: "Stufe ${level}", en: "Level ${level}" }, pdca: ${stage}, proof: { de: Nachweis, en: proof } }`;

/** The criteria that ship, on a scale whose levels stand for these stages. */
const scaled = (stages: readonly (string | null)[]) =>
  Buffer.from(
    shipped
      .replace('version: 1.0.0', 'version: 2.0.0')
      .replace(/scale:[\s\S]*?fields:/, `scale:\n${stages.map(line).join('\n')}\nfields:`),
  );

/** Another coordinator publishes it than the one who read it in. */
async function publish(stage: Stage, bytes: Uint8Array): Promise<string> {
  const editions = stage.get(Editions);
  const coordination = (name: string) =>
    actorWith(stage.tenant, ['OPENING_COORD'], { person: stage.persons.get(name)!, name });
  const read = { commandId: v7(), bytes };
  const { editionId } = succeeded(await editions.importEdition(coordination('koordination'), read));
  const draft = { commandId: v7(), editionId: editionId!, expectedRevision: 1 };
  succeeded(await editions.publishEdition(coordination('ausschuss'), draft));
  return stage.definitionId;
}

let stage: Stage | undefined;
afterEach(async () => stage?.close());

test.each([
  { stages: [null, 'A'], rated: 1, percent: 100 },
  { stages: [null, 'P', 'A'], rated: 2, percent: 100 },
  { stages: [null, 'P', 'A'], rated: 1, percent: 50 },
  { stages: [null, 'P', 'D', 'C', 'A'], rated: 4, percent: 100 },
  { stages: [null, 'P', 'D', 'C', 'A', 'A'], rated: 5, percent: 100 },
  { stages: [null, 'P', 'D', 'C', 'A', 'A'], rated: 3, percent: 60 },
])('of $stages level $rated is $percent %', async ({ stages, rated, percent }) => {
  const round = await startedRound('T1', [], (given) => {
    stage = given;
    return publish(given, scaled(stages));
  });
  await round.team.toDesk(rated);
  await round.team.toTargets(rated);
  const [opening] = await round.stage.read((db) => openingsById(db, [round.team.id]));
  const { points, points_of, field_points, field_points_of } = opening!;
  expect(maturity(points, points_of)).toBe(percent);
  const fields = field_points.map((reached, at) => maturity(reached, field_points_of[at]!));
  expect(new Set(fields.filter((share) => share !== null))).toEqual(new Set([percent]));
});

test('a level beyond the scale is refused, and said up to where it goes', async () => {
  const round = await startedRound('T1', [], (given) => {
    stage = given;
    return publish(given, scaled([null, 'P', 'A']));
  });
  await expect(round.team.toDesk(3)).rejects.toThrow('Die Stufen reichen von 0 bis 2.');
});
