import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { PossibleSteps } from '../../src/engine/steps/possible-steps.service.ts';
import { Standstills } from '../../src/engine/view/standstills.service.ts';
import { contentHash } from '../../src/audit/rating/ratings.service.ts';
import { Opening, startedRound } from './opening.ts';
import type { Stage } from './support.ts';

// A head who leads the process of their own unit, too, as happens in small ones.
let stage: Stage;
let opening: Opening;

beforeAll(async () => {
  const round = await startedRound('T1');
  stage = round.stage;
  opening = new Opening(stage, round.team.id, { head: 'teamleiter', owner: 'teamleiter', deputy: 'bora' });
  await opening.rated(1);
});
afterAll(() => stage?.close());

const offered = async (name: string, step: string) => {
  const possible = await stage.readAs(name, (db) => stage.get(PossibleSteps).of(db, [opening.id]));
  return possible.get(opening.id)!.find((one) => one.step === step)!;
};

test('a step after which nobody could sign is refused, and shown as closed, with the reason', async () => {
  const reason = expect.stringMatching(
    /^Danach könnte niemand mehr „Bestandsaufnahme zeichnen“: .* \(Leitung der Einheit\)\. Bitte diesen Schritt einer anderen Person überlassen\.$/,
  );
  expect(await opening.try('teamleiter', 'CLOSE_RATINGS')).toMatchObject({
    __typename: 'NotPossibleNow',
    reasons: [{ de: reason }],
  });
  expect(await offered('teamleiter', 'CLOSE_RATINGS')).toMatchObject({
    mayI: false,
    reasons: [{ text: { de: reason } }],
  });
});

test('another person takes it, and the head signs', async () => {
  expect(await offered('bora', 'CLOSE_RATINGS')).toMatchObject({ mayI: true, enabled: true, reasons: [] });
  await opening.take('bora', 'CLOSE_RATINGS');
  const [process] = await stage.read((db) => stage.engine.processes(db, [opening.id]));
  const { turns } = await stage.get(Standstills).of(stage.as('koordination'), process! as never);
  expect(turns.map(({ holders }) => holders.map(({ personId }) => personId))).toEqual([
    [stage.persons.get('teamleiter')],
  ]);
  await opening.take('teamleiter', 'SIGN_OFF', { contentHash: contentHash(await opening.sheet()) });
});
