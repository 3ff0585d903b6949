import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the floors are plain JavaScript, so that the checking tool reads them
import { rooms as everyRoom } from '../../.dependency-cruiser.mjs';

// Names that a newcomer can search: a service's class has its file's name, one name is one thing within a room, and
// words that nobody would search for stay out.
const src = fileURLToPath(new URL('../../src', import.meta.url));

const rooms = (everyRoom as readonly string[]).filter((room) => existsSync(`${src}/${room}`));

/** Each is read as a whole word in code, not in comments. The right-hand side is the name to use. */
const banned: Readonly<Record<string, string>> = {
  Hearing: 'StepInputs',
  Heard: 'Evaluated',
  Court: 'GuardContext',
  Warrant: 'Permission',
  Acts: 'BuiltInSteps',
  Strides: 'CompactChart',
  Spot: 'CompactNode',
  Shelf: 'DefinitionLibrary',
  Courses: 'EarlierStates',
  Picture: 'StatusData',
  StatusView: 'StatusFigures',
  Cases: 'OpeningGate',
  Desk: 'AssignmentGate',
  ChecklistAccess: 'ChecklistGate',
  Surroundings: 'RuleContext',
  MeasureHomes: 'MeasureOwnership',
  CommandInHand: 'CommandContext',
  StepInHand: 'StepContext',
  TakenApart: 'GroupRolledBack',
  Turns: 'Semaphore',
  Pace: 'RateLimiter',
  Places: 'ConnectionQuota',
  Outlet: 'EventWriter',
  Parking: 'DeliveryFailures',
  ParkedEffects: 'DeliveryRetries',
  Clearing: 'RetentionJob',
};

const filesOf = (room: string) =>
  readdirSync(`${src}/${room}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
    .map((file) => ({ path: `${room}/${file}`, text: readFileSync(`${src}/${room}/${file}`, 'utf8') }));

const pascal = (stem: string) => stem.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

test.each(rooms)('in %s the class of a service has the name of its file', (room) => {
  const strays = filesOf(room)
    .filter(({ path }) => path.endsWith('.service.ts'))
    .filter(
      ({ path, text }) => !new RegExp(`export class ${pascal(basename(path, '.service.ts'))}\\b`).test(text),
    )
    .map(({ path }) => path);
  expect(strays).toEqual([]);
});

test.each(rooms)('in %s no type is declared twice', (room) => {
  const homes = new Map<string, string[]>();
  for (const { path, text } of filesOf(room))
    for (const [, name] of text.matchAll(/^(?:export )?(?:abstract )?(?:interface|type|class) (\w+)/gm))
      homes.set(name!, [...(homes.get(name!) ?? []), path]);
  expect([...homes].filter(([, paths]) => paths.length > 1)).toEqual([]);
});

test.each(rooms)('%s uses no banned name', (room) => {
  const words = Object.keys(banned);
  const uses = filesOf(room).flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, i) => {
      const code = line.replace(/^\s*(\/\/|\/?\*).*/, '').replace(/'[^']*'/g, '');
      const word = words.find((name) => new RegExp(`\\b${name}\\b`).test(code));
      return word ? [`${path}:${i + 1}: ${word} → ${banned[word]}`] : [];
    }),
  );
  expect(uses).toEqual([]);
});
