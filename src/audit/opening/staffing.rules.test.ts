import { expect, test } from '@jest/globals';
import { staffingOf, type Staffed } from './staffing.rules.ts';

const here = { awaySince: null };
const away = (awaySince: string) => ({ awaySince });
const whole: Staffed = {
  team: [here, here],
  headlessSince: null,
  criteriaWithoutPost: 0,
  fieldsWithoutAccountable: 0,
};

test.each<[string, Partial<Staffed>, string, string | null]>([
  ['nobody is missing', {}, 'COMPLETE', null],
  ['no team is named yet, and there is a head', { team: [] }, 'COMPLETE', null],
  ['a criterion has no post', { criteriaWithoutPost: 1 }, 'GAPS', null],
  ['a field has no accountable', { fieldsWithoutAccountable: 1 }, 'GAPS', null],
  ['the deputy has left', { team: [here, away('2026-03-01')] }, 'GAPS', '2026-03-01'],
  ['the unit has no head', { headlessSince: '2026-04-01' }, 'GAPS', '2026-04-01'],
  [
    'deputy and head are gone',
    { team: [here, away('2026-05-01')], headlessSince: '2026-04-01' },
    'GAPS',
    '2026-04-01',
  ],
  ['owner and deputy have left', { team: [away('2026-03-01'), away('2026-05-01')] }, 'VACANT', '2026-05-01'],
  ['neither team nor head', { team: [], headlessSince: '2026-04-01' }, 'VACANT', '2026-04-01'],
])('staffing when %s', (_when, differs, state, since) => {
  expect(staffingOf({ ...whole, ...differs })).toEqual({ state, since });
});
