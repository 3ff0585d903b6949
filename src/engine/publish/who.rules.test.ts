import { describe, expect, test } from '@jest/globals';
import { Chart } from '../definition/chart.rules.ts';
import type { Definition, Step } from '../definition/definition.rules.ts';
import { faultsOfFourEyes, hintsOfStaff } from './who.rules.ts';

type Who = Step['who'];
const label = { de: 'Schritt', en: 'Step' };
/** Two steps, the second with four eyes on the first. */
const chart = (first: Who, second: Who) =>
  new Chart({
    initial: 'a',
    deadlines: {},
    chains: {},
    states: {},
    steps: { FIRST: { label, who: first }, SECOND: { label, who: second } },
  } as unknown as Definition);
const after = (fn: string, more: object = {}) => ({ function: fn, notSameAs: ['FIRST'], ...more });
const head = { function: 'HEAD' };
const clerk = { function: 'CLERK' };

describe('four eyes', () => {
  test.each<[string, Who, Who, string[]]>([
    ['one post takes both', [head], [after('HEAD')], ['$.steps.SECOND.who']],
    ['several hold the function', [clerk], [after('CLERK')], []],
    ['another post takes the first', [clerk], [after('HEAD')], []],
    ['somebody else may take the first, too', [head, clerk], [after('HEAD')], []],
    ['somebody else may take the second, too', [head], [after('HEAD'), after('CLERK')], []],
    ['the post is another one elsewhere', [head], [after('HEAD', { scope: 'series' })], []],
    [
      'the system took the first',
      [{ function: 'SYS' }],
      [after('CLERK')],
      ['$.steps.SECOND.who[0].notSameAs'],
    ],
  ])('when %s', (_when, first, second, paths) =>
    expect(faultsOfFourEyes(chart(first, second), new Set(['HEAD'])).map(({ path }) => path)).toEqual(paths),
  );
});

describe('today', () => {
  const tenant = { scope: 'tenant' as const };
  test.each<[string, string[], string]>([
    ['nobody holds the function', [], 'Nobody holds'],
    ['one person holds it', ['anna'], 'Only one person'],
    ['two people hold it', ['anna', 'bora'], ''],
  ])('%s', (_when, people, message) => {
    const both = chart([{ function: 'CLERK', ...tenant }], [after('CLERK', tenant)]);
    const hints = hintsOfStaff(both, new Map([['CLERK', new Set(people)]]));
    expect(hints.find(({ path }) => path === '$.steps.SECOND.who')?.message.en ?? '').toContain(message);
    expect(message === '' ? hints : []).toEqual([]);
  });

  test('what depends on the place is not said', () =>
    expect(hintsOfStaff(chart([clerk], [after('CLERK')]), new Map([['CLERK', new Set<string>()]]))).toEqual(
      [],
    ));
});
