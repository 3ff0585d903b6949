import { escaped, type Text } from '../../platform/bare.ts';

/** One step as process-mining tools read it: what happened in which case, when, by whom (a pseudonym). */
export interface MinedEvent {
  readonly seq: number;
  readonly step: string;
  readonly label: string;
  readonly at: string;
  /** Stands for one person within one export, for nobody outside of it. */
  readonly person: string;
  readonly onBehalfOf: string | null;
  readonly stage: string;
}

/** A process with its steps. `unit` and `series` are the opaque ids of what it is about and was started with. */
export interface MinedCase {
  readonly id: string;
  readonly unit: string;
  readonly series: string | null;
  /** Key and version. */
  readonly definition: string;
  readonly events: readonly MinedEvent[];
}

export const exportFormats = ['csv', 'xes', 'ocel', 'oalog'] as const;
export type ExportFormat = (typeof exportFormats)[number];

type MinedCases = AsyncIterable<MinedCase>;

const columns =
  'case_id,seq,activity,activity_label,timestamp,resource,on_behalf_of,stage,definition,unit,series';

/** Comma-separated, UTF-8 with a header, RFC 4180. */
export async function* asCsv(cases: MinedCases): AsyncGenerator<string> {
  yield `${columns}\r\n`;
  for await (const { id, unit, series, definition, events } of cases)
    for (const { seq, step, label, at, person, onBehalfOf, stage } of events)
      yield `${[id, seq, step, label, at, person, onBehalfOf, stage, definition, unit, series].map(cell).join()}\r\n`;
}

/** Quoted where needed; a spreadsheet would run a text that begins like a formula, so such a text gets a quote. */
function cell(value: string | number | null): string {
  const text = String(value ?? '');
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** XES (IEEE 1849-2016): a trace for each process, with the concept, time, organizational and lifecycle extensions. */
export async function* asXes(cases: MinedCases): AsyncGenerator<string> {
  yield xesHead;
  for await (const { id, unit, series, definition, events } of cases) {
    yield `<trace>${string('concept:name', id)}${string('oa:definition', definition)}${string('oa:unit', unit)}${string('oa:series', series)}\n`;
    for (const event of events)
      yield `<event>${string('concept:name', event.step)}${string('oa:label', event.label)}${string('lifecycle:transition', 'complete')}<date key="time:timestamp" value="${event.at}"/>${string('org:resource', event.person)}${string('oa:onBehalfOf', event.onBehalfOf)}${string('oa:stage', event.stage)}<int key="oa:seq" value="${event.seq}"/></event>\n`;
    yield '</trace>\n';
  }
  yield '</log>\n';
}

const extensions = [
  ['Concept', 'concept', 'concept'],
  ['Time', 'time', 'time'],
  ['Organizational', 'org', 'org'],
  ['Lifecycle', 'lifecycle', 'lifecycle'],
]
  .map(
    ([name, prefix, file]) =>
      `<extension name="${name}" prefix="${prefix}" uri="http://www.xes-standard.org/${file}.xesext"/>\n`,
  )
  .join('');
const xesHead = `<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
${extensions}<classifier name="Step" keys="concept:name"/>
`;

const string = (key: string, value: string | null): string =>
  value === null ? '' : `<string key="${key}" value="${xmlText(value)}"/>`;
/** What XML 1.0 cannot hold becomes blanks: control characters except tab and line breaks, halves of pairs, and two more. */
const xmlText = (text: string): string =>
  escaped(text.replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\uFFFE\uFFFF]/gu, ' '));

/**
 * OCEL 2.0 in JSON: each step is related to its process, to what the process is about, to what it was started with and
 * to whoever took it. Objects come last, because only then all of them are known.
 */
export async function* asOcel(cases: MinedCases): AsyncGenerator<string> {
  const objects = new Map<string, OcelObject>();
  const steps = new Set<string>();
  yield '{"events":[';
  let comma = '';
  for await (const one of cases) {
    for (const event of one.events) {
      steps.add(event.step);
      const related = relationsOf(one, event);
      for (const { objectId, type } of related)
        if (!objects.has(objectId)) objects.set(objectId, { id: objectId, type, attributes: [] });
      yield comma + JSON.stringify(ocelEvent(one, event, related));
      comma = ',\n';
    }
    const began = one.events[0]?.at ?? '1970-01-01T00:00:00Z';
    objects.set(one.id, {
      id: one.id,
      type: 'process',
      attributes: [{ name: 'definition', time: began, value: one.definition }],
    });
  }
  const types = {
    eventTypes: [...steps].sort().map((name) => ({ name, attributes: eventAttributes })),
    objectTypes: objectTypes.map((name) => ({
      name,
      attributes: name === 'process' ? [{ name: 'definition', type: 'string' }] : [],
    })),
  };
  yield `],\n"objects":[${[...objects.values()].map((object) => JSON.stringify(object)).join(',\n')}],\n`;
  yield `${JSON.stringify(types).slice(1)}\n`;
}

interface OcelObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: readonly { readonly name: string; readonly time: string; readonly value: string }[];
}

const objectTypes = ['process', 'unit', 'series', 'person'];
const eventAttributes = [
  { name: 'label', type: 'string' },
  { name: 'stage', type: 'string' },
  { name: 'seq', type: 'integer' },
];

function relationsOf({ id, unit, series }: MinedCase, { person, onBehalfOf }: MinedEvent) {
  return [
    { objectId: id, type: 'process', qualifier: 'step of' },
    { objectId: unit, type: 'unit', qualifier: 'about' },
    ...(series === null ? [] : [{ objectId: series, type: 'series', qualifier: 'started with' }]),
    { objectId: person, type: 'person', qualifier: 'taken by' },
    ...(onBehalfOf === null ? [] : [{ objectId: onBehalfOf, type: 'person', qualifier: 'on behalf of' }]),
  ];
}

const ocelEvent = ({ id }: MinedCase, event: MinedEvent, related: ReturnType<typeof relationsOf>) => ({
  id: `${id}:${event.seq}`,
  type: event.step,
  time: event.at,
  attributes: [
    { name: 'label', value: event.label },
    { name: 'stage', value: event.stage },
    { name: 'seq', value: event.seq },
  ],
  relationships: related.map(({ objectId, qualifier }) => ({ objectId, qualifier })),
});

/** A step's words in one language; a migration and a start have none of their own. */
export const wordsOf = (label: Text | undefined, step: string, language: keyof Text): string =>
  label?.[language] ?? step;
