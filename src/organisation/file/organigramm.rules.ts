import { fault, type ImportFault } from '../plan/import-fault.rules.ts';
import { readJson, type JsonFile, type JsonValue } from './json.rules.ts';
import type { Reading } from './plan-file.rules.ts';
import {
  holderCode,
  judged,
  type HolderFacts,
  type PersonNamed,
  type PostFacts,
  type Stated,
  type StatedUnit,
} from '../plan/plan.rules.ts';
import { isGroup, propose, type Described, type Proposal } from '../plan/unit-proposal.rules.ts';

type JsonObject = Map<string, JsonValue>;

const head =
  /leit|direktor|senator|staatssekretär|dezernent|beigeordnet|präsident|bürgermeister|landr[aä]t|beauftragte|geschäftsführ|generalsekretär|chef|sprecher/i;
const notHead = /stellv|referent|assisten|sachbearb/i;

/**
 * Reads a chart made with the Organigramm tool (JSON, schema 1.1). Every `organisation` and every `department` is a
 * unit, the boxes that only connect others included (they bear the tag GROUP). The main organisation is the top; other
 * roots hang below it. Codes are the ids the tool gave, so a later version of the chart meets the same units.
 */
export function readOrganigramm(bytes: Uint8Array, file: string): Reading {
  const json = readJson(bytes, file);
  if ('code' in json) return { statement: {}, faults: [json] };
  const roots = rootsOf(json, file);
  if ('code' in roots) return { statement: {}, faults: [roots] };

  const chart = new Chart(json, file);
  chart.unit(roots.top, { stands: 'TOP', parent: null, above: null, position: '0' });
  const top = chart.units[0]!;
  const above: Proposal = { level: 'L0', kind: 'SPI', tags: [] };
  roots.others.forEach((root, index) =>
    chart.unit(root, { stands: 'OUTSIDE', parent: top.code, above, position: `R${index + 1}` }),
  );
  return {
    faults: chart.faults,
    statement: {
      units: { rows: chart.units, complete: true },
      posts: { rows: chart.posts, complete: true },
      // Charts name few persons or none: what they do not name is not thereby ended.
      ...(chart.holders.length && {
        holders: { rows: chart.holders, complete: false },
        persons: chart.persons,
      }),
    },
  };
}

function rootsOf(json: JsonFile, file: string): { top: JsonObject; others: JsonObject[] } | ImportFault {
  const document = json.root instanceof Map ? json.root.get('document') : undefined;
  const version = document instanceof Map ? textOf(document, 'schemaVersion') : '';
  if (!version.startsWith('1.')) return fault('NOT_A_CHART', { file }, `schemaVersion "${version}"`);
  const roots = objectsOf(json.root as JsonObject, 'organisations');
  if (!roots.length) return fault('NOT_A_CHART', { file }, 'organisations = []');
  const mains = roots.filter((root) => root.get('isMainOrganisation') === true);
  const top = mains[0] ?? (roots.length === 1 ? roots[0] : undefined);
  if (!top) return fault('NO_TOP', { file, field: 'organisations' });
  if (mains.length > 1) return fault('SECOND_TOP', json.spot(mains[1]), nameOf(mains[1]!), nameOf(top));
  return { top, others: roots.filter((root) => root !== top) };
}

interface BoxPlace {
  readonly stands: Described['stands'];
  readonly parent: string | null;
  readonly above: Proposal | null;
  /** The box's place in the drawing, its code where the tool gave none. */
  readonly position: string;
}

class Chart {
  readonly units: StatedUnit[] = [];
  readonly posts: Stated<PostFacts>[] = [];
  readonly holders: Stated<HolderFacts>[] = [];
  readonly persons: PersonNamed[] = [];
  readonly faults: ImportFault[] = [];
  readonly #postNos = new Set<string>();
  readonly #json: JsonFile;
  readonly #file: string;

  constructor(json: JsonFile, file: string) {
    this.#json = json;
    this.#file = file;
  }

  unit(box: JsonObject, { stands, parent, above, position }: BoxPlace): void {
    const subunits = [...objectsOf(box, 'departments'), ...objectsOf(box, 'organisations')];
    const positions = objectsOf(box, 'positions');
    const unit: Described = {
      name: nameOf(box),
      type: textOf(box, 'type'),
      positions: positions.map((one) => textOf(one, 'positionType')),
      hasSubunits: subunits.length > 0,
      stands,
    };
    const at = { ...this.#json.spot(box), field: position };
    if (!unit.name) this.faults.push(fault('MISSING_VALUE', at, 'name'));
    const code = codeOf(box) ?? position;
    const proposal = propose(unit, above);
    const facts = { name: unit.name.slice(0, 200), parentCode: parent, ...proposal, headcount: null };
    this.units.push({ code, facts, from: null, until: null, predecessorCodes: [], at, proposed: judged });
    this.#posts(code, positions, unit);
    const next = isGroup(unit) ? above : proposal;
    const inside = stands === 'OUTSIDE' ? stands : 'INSIDE';
    subunits.forEach((sub, index) =>
      this.unit(sub, {
        stands: inside,
        parent: code,
        above: next ?? proposal,
        position: `${position}.${index + 1}`,
      }),
    );
  }

  #posts(unitCode: string, positions: readonly JsonObject[], unit: Described): void {
    const first = unit.positions.findIndex((type) => head.test(type) && !notHead.test(type));
    const lead = first === -1 && positions.length === 1 && !unit.positions[0] ? 0 : first;
    positions.forEach((position, index) => {
      const type = textOf(position, 'positionType');
      const vacant = /^n\.? ?n\.?$/i.test(textOf(position, 'positionStatus'));
      // A box copied in the tool keeps the addresses of its positions: the second one needs a number of its own.
      const own = codeOf(position);
      const postNo = own && !this.#postNos.has(own) ? own : `${unitCode}.P${index + 1}`;
      this.#postNos.add(postNo);
      const facts: PostFacts = {
        unitCode,
        function: (type || (index === lead ? 'Leitung' : 'Stelle')).slice(0, 200),
        isManagement: index === lead,
        fte: null,
        status: vacant ? 'VACANT' : 'FILLED',
      };
      const at = this.#json.spot(position);
      this.posts.push({ code: postNo, facts, from: null, until: null, at });
      this.#holder(postNo, position);
    });
  }

  #holder(postNo: string, position: JsonObject): void {
    const person = position.get('person');
    if (!(person instanceof Map)) return;
    const displayName = ['title', 'firstName', 'lastName']
      .map((part) => textOf(person, part))
      .filter(Boolean)
      .join(' ');
    if (!displayName || /^n\.? ?n\.?$/i.test(displayName)) return;
    const personKey = codeOf(person) ?? `P-${postNo}`;
    const contact = person.get('contact');
    const mail = contact instanceof Map ? textOf(contact, 'email') || null : null;
    const facts: HolderFacts = {
      postNo,
      personKey,
      as: /kommissarisch/i.test(textOf(position, 'positionStatus')) ? 'INTERIM' : 'HOLDER',
    };
    this.persons.push({ personKey, displayName: displayName.slice(0, 200), mail });
    const at = { ...this.#json.spot(person), file: this.#file };
    this.holders.push({ code: holderCode(facts), facts, from: null, until: null, at });
  }
}

function textOf(object: JsonObject, name: string): string {
  const value = object.get(name);
  return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
}

const nameOf = (box: JsonObject): string =>
  textOf(box, 'name') || textOf(box, 'altName') || textOf(box, 'type');

function objectsOf(object: JsonObject, name: string): JsonObject[] {
  const list = object.get(name);
  return Array.isArray(list) ? list.filter((item): item is JsonObject => item instanceof Map) : [];
}

/** The last part of the thing's web address, else its id: what the tool keeps when a box is moved or renamed. */
function codeOf(object: JsonObject): string | undefined {
  const address = object.get('uri');
  const uri = address instanceof Map ? textOf(address, 'uri') : textOf(object, 'uri');
  const code = uri.split('/').at(-1) || textOf(object, 'id');
  return code && code.length <= 60 ? code : undefined;
}
