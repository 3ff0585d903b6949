import { expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// @ts-expect-error the floors are plain JavaScript, so that the checking tool reads them
import { corners as listed, rooms as listedRooms } from '../../.dependency-cruiser.mjs';

const corners = listed as Readonly<Record<string, readonly string[]>>;
const rooms = listedRooms as readonly string[];
const src = fileURLToPath(new URL('../../src', import.meta.url));
/** Above so many source files nobody finds anything in one folder. */
const most = 25;

const entries = (room: string) => readdirSync(`${src}/${room}`, { withFileTypes: true });

test('a room of more than 25 source files has corners, and its folders are the corners listed', () => {
  for (const room of [...rooms, 'demo'].filter((name) => existsSync(`${src}/${name}`))) {
    const flat = entries(room).filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    expect({ room, tooMany: flat.length > most }).toEqual({ room, tooMany: false });
    if (!corners[room]) continue;
    const folders = entries(room).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    expect(folders.sort()).toEqual([...corners[room]].sort());
  }
});

test.each(Object.keys(corners))('the README of %s says what each corner holds, in order', (room) => {
  const said = [...readFileSync(`${src}/${room}/README.md`, 'utf8').matchAll(/^\| `([\w-]+)` \| .{20,}/gm)];
  expect(said.map(([, corner]) => corner)).toEqual(corners[room]);
});
