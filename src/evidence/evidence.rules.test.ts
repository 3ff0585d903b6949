import { expect, test } from '@jest/globals';
import { faultsOfEvidence, refuseEvidence, type NewEvidence } from './evidence.rules.ts';

const today = '2026-11-24';
const link: NewEvidence = {
  kind: 'LINK',
  evidenceType: 'RULE',
  url: 'https://intranet.ahornau.example/da/17',
  proofOn: '2026-03-01',
  containsNoPersonalData: true,
};
const note = (text: string): NewEvidence => ({ ...link, kind: 'NOTE', url: null, note: text });

test.each<[string, NewEvidence, string]>([
  ['a link', link, ''],
  ['a file reference', { ...link, kind: 'FILE_REFERENCE', url: undefined, reference: '10.2-4711/26' }, ''],
  ['a note', note('Beschluss der Leitungsrunde'), ''],
  ['a note of 2,000 characters', note('x'.repeat(2000)), ''],
  ['a note of 2,001 characters', note('x'.repeat(2001)), 'note'],
  ['a note of blanks', note(' \n '), 'note'],
  ['a link without address', { ...link, url: null }, 'url'],
  ['a link to a file', { ...link, url: 'file:///etc/passwd' }, 'url'],
  ['a link that runs', { ...link, url: 'javascript:alert(1)' }, 'url'],
  ['a link with a password', { ...link, url: 'https://ada:secret@intranet.example/' }, 'url'],
  ['a link that is none', { ...link, url: 'Ordner 3' }, 'url'],
  [
    'a file reference of 201 characters',
    { ...link, kind: 'FILE_REFERENCE', url: null, reference: 'x'.repeat(201) },
    'reference',
  ],
  ['a link with a note beside it', { ...link, note: 'siehe dort' }, 'note'],
  ['a proof of today', { ...link, proofOn: today }, ''],
  ['a proof of tomorrow', { ...link, proofOn: '2026-11-25' }, 'proofOn'],
  ['a proof nobody vouches for', { ...link, containsNoPersonalData: false }, 'containsNoPersonalData'],
])('%s', (_, item, fault) => {
  const faults = faultsOfEvidence([link, item], today);
  expect(faults.map(({ path }) => path)).toEqual(fault ? [`newEvidence.1.${fault}`] : []);
});

test('all faults of all proofs are listed, at their place in the input', () => {
  const refusal = refuseEvidence(
    [{ ...link, url: '', proofOn: '2027-01-01' }, note('')],
    today,
    'ratings.3.newEvidence',
  );
  expect(refusal?.__typename).toBe('InvalidInput');
  expect(refusal?.faults.map(({ path }) => path)).toEqual([
    'ratings.3.newEvidence.0.url',
    'ratings.3.newEvidence.0.proofOn',
    'ratings.3.newEvidence.1.note',
  ]);
});

test('a fault names the kind of a proof in words', () => {
  const item = {
    ...link,
    kind: 'FILE_REFERENCE',
    url: undefined,
    reference: '10.2-4711/26',
    note: 'siehe dort',
  } as const;
  expect(faultsOfEvidence([item], today)[0]?.message).toEqual({
    de: 'Passt nicht zu einem Aktenzeichen.',
    en: 'Does not belong to a file reference.',
  });
});
