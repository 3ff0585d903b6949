import { describe, expect, test } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import { asCsv, asOcel, asXes, type MinedCase } from './log-export.rules.ts';

const event = {
  seq: 1,
  step: 'GO',
  at: '2026-01-01T00:00:00.000Z',
  person: 'P-1',
  onBehalfOf: null,
  stage: 'a',
};
async function* cases(label: string): AsyncGenerator<MinedCase> {
  yield { id: 'c', unit: 'u', series: null, definition: 'x v1', events: [{ ...event, label }] };
}
async function text(pieces: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const piece of pieces) whole += piece;
  return whole;
}

describe('a label that somebody made up', () => {
  test.each([
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['Ja, „gern“', '"Ja, „gern“"'],
    ['zwei\nZeilen', '"zwei\nZeilen"'],
    ['schlicht', 'schlicht'],
  ])('%j is no formula and no second cell in CSV', async (label, cell) => {
    expect(await text(asCsv(cases(label)))).toContain(`,GO,${cell},2026`);
  });

  test.each(['<a href="x">&\'', 'Steuer\u0000zeichen\u001b', 'halb \ud800', ']]>', '\uffff'])(
    '%j stays inside its attribute in XES',
    async (label) => expect(XMLValidator.validate(await text(asXes(cases(label))))).toBe(true),
  );

  test.each(['"', '\\', '\u2028'])('%j stays a text in OCEL', async (label) => {
    const { events } = JSON.parse(await text(asOcel(cases(label))));
    expect(events[0].attributes[0]).toEqual({ name: 'label', value: label });
  });
});

test.each([asCsv, asXes, asOcel])('%p of nothing is a whole file', async (format) => {
  const none = (async function* (): AsyncGenerator<MinedCase> {})();
  const whole = await text(format(none));
  if (format === asOcel) expect(JSON.parse(whole)).toMatchObject({ events: [], objects: [] });
  if (format === asXes) expect(XMLValidator.validate(whole)).toBe(true);
  if (format === asCsv) expect(whole).toBe(`${whole.trimEnd()}\r\n`);
});
