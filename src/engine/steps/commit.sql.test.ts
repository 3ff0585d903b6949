import { expect, test } from '@jest/globals';
import { parameters } from './commit.sql.ts';
import type { MoveRow } from './move-row.rules.ts';

// The type checker holds the first two (npm run typecheck): a misspelled column would silently be NULL.
test('a column that the row does not have is no parameter, and no row', () => {
  // @ts-expect-error tasks_dated is the column
  const misspelled = ['task_dated'] as const satisfies readonly (keyof MoveRow)[];
  // @ts-expect-error suspended_until is the column
  const row = { suspended_till: null } satisfies Partial<MoveRow>;
  expect([misspelled, row]).toBeDefined();
});

test('every column is written but where a process belongs, which only its start and a hand-over say', () => {
  type Left = Exclude<keyof MoveRow, (typeof parameters)[number]>;
  const left: Record<Left, true> = { scope_id: true, series_id: true };
  expect(Object.keys(left)).toHaveLength(2);
  expect(new Set(parameters).size).toBe(31);
});
