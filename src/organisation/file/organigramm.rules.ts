import { fault, type FilePosition, type ImportFault } from '../plan/import-fault.rules.ts';
import { ChartCodes, nameOf, objectsOf, textOf, type JsonObject } from './chart-json.rules.ts';
import { readJson, type JsonFile } from './json.rules.ts';
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

const head =
  /leit|direktor|senator|staatssekretär|dezernent|beigeordnet|präsident|bürgermeister|landr[aä]t|beauftragte|geschäftsführ|generalsekretär|chef|sprecher/i;
const notHead = /stellv|referent|assisten|sachbearb/i;

/**
 * Reads a chart made with the Organigramm tool (JSON, schema 1.1). Every `organisation` and every `department` is a
 * unit, the boxes that only connect others included (they bear the tag GROUP). The main organisation is the top, or
 * the root that HR names (`top`, its name as drawn); other roots hang below it. Codes are the ids the tool gave, so a
 * later version of the chart meets the same units.
 */
export function readOrganigramm(bytes: Uint8Array, file: string, top?: string | null): Reading {
  const json = readJson(bytes, file);
  if ('code' in json) return { statement: {}, faults: [json] };
  const roots = rootsOf(json, file, top);
  if ('code' in roots) return { statement: {}, faults: [roots] };
  return readChart(roots, file);
}

function readChart(roots: Roots, file: string): Reading {
  const chart = new Chart(file);
  chart.unit(roots.top, { stands: 'TOP', parent: null, above: null, position: '0', trail: [] });
  const first = chart.units[0]!;
  const above: Proposal = { level: 'L0', kind: 'SPI', tags: [] };
  roots.others.forEach((root, index) =>
    chart.unit(root, { stands: 'OUTSIDE', parent: first.code, above, position: `R${index + 1}`, trail: [] }),
  );
  return {
    faults: chart.faults,
    statement: {
      units: { rows: chart.units, complete: true },
      posts: { rows: chart.posts, complete: true },
      // Charts name few persons or none: a post without a name keeps its holder, one with a name or "N.N." does not.
      ...((chart.holders.length || chart.settledPosts.size) && {
        holders: { rows: chart.holders, complete: false, settledPosts: chart.settledPosts },
        persons: chart.persons,
      }),
    },
  };
}

interface Roots {
  readonly top: JsonObject;
  readonly others: readonly JsonObject[];
}

function rootsOf(json: JsonFile, file: string, named?: string | null): Roots | ImportFault {
  const document = json.root instanceof Map ? json.root.get('document') : undefined;
  const version = document instanceof Map ? textOf(document, 'schemaVersion') : '';
  if (!version.startsWith('1.')) return fault('NOT_A_CHART', { file }, `schemaVersion "${version}"`);
  const roots = objectsOf(json.root as JsonObject, 'organisations');
  if (!roots.length) return fault('NOT_A_CHART', { file }, 'organisations = []');
  const top = topOf(roots, file, named?.replace(/\s+/g, ' ').trim());
  return 'code' in top ? top : { top, others: roots.filter((root) => root !== top) };
}

/** The root that HR names, else the one the chart marks as main organisation, else the only one. */
function topOf(roots: readonly JsonObject[], file: string, named?: string): JsonObject | ImportFault {
  const mains = roots.filter((root) => root.get('isMainOrganisation') === true);
  const candidates = named ? roots.filter((root) => nameOf(root) === named) : mains;
  const [top, second] = candidates.length || named || roots.length > 1 ? candidates : roots;
  const names = (some: readonly JsonObject[]) => some.map((root) => `„${nameOf(root)}“`).join(', ');
  if (!top) return fault('NO_CHART_TOP', { file }, named, names(roots));
  return second ? fault('TWO_CHART_TOPS', { file }, named, names(named ? roots : mains)) : top;
}

interface BoxPlace {
  readonly stands: Described['stands'];
  readonly parent: string | null;
  readonly above: Proposal | null;
  /** The box's place in the drawing, its code where the tool gave none. */
  readonly position: string;
  /** The names of the boxes above, from the top. */
  readonly trail: readonly string[];
}

class Chart {
  readonly units: StatedUnit[] = [];
  readonly posts: Stated<PostFacts>[] = [];
  readonly holders: Stated<HolderFacts>[] = [];
  readonly persons: PersonNamed[] = [];
  readonly faults: ImportFault[] = [];
  /** Posts of which the chart says who is there, or that nobody is: whoever else was there is so no longer. */
  readonly settledPosts = new Set<string>();
  readonly #codes: ChartCodes;
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.#codes = new ChartCodes();
  }

  unit(box: JsonObject, { stands, parent, above, position, trail }: BoxPlace): void {
    const subunits = [...objectsOf(box, 'departments'), ...objectsOf(box, 'organisations')];
    const positions = objectsOf(box, 'positions');
    const unit: Described = {
      name: nameOf(box),
      type: textOf(box, 'type'),
      positions: positions.map((one) => textOf(one, 'positionType')),
      hasSubunits: subunits.length > 0,
      stands,
    };
    // A chart is looked at as a drawing: a box is found by the names above it, not by a line of the file.
    const here = [...trail, unit.name || '?'];
    const at = { file: this.#file, field: here.join(' › ') };
    if (!unit.name) this.faults.push(fault('UNNAMED_BOX', at, trail.at(-1)));
    const { code, sharedWith } = this.#codes.ofBox(box, unit.name, position);
    if (sharedWith !== undefined) this.faults.push(fault('SHARED_ADDRESS', at, unit.name, sharedWith));
    const proposal = propose(unit, above);
    const facts = { name: unit.name.slice(0, 200), parentCode: parent, ...proposal, headcount: null };
    this.units.push({ code, facts, from: null, until: null, predecessorCodes: [], at, proposed: judged });
    this.#posts(code, positions, unit, at);
    const next = isGroup(unit) ? above : proposal;
    const inside = stands === 'OUTSIDE' ? stands : 'INSIDE';
    subunits.forEach((sub, index) =>
      this.unit(sub, {
        stands: inside,
        parent: code,
        above: next ?? proposal,
        position: `${position}.${index + 1}`,
        trail: here,
      }),
    );
  }

  #posts(unitCode: string, positions: readonly JsonObject[], unit: Described, at: FilePosition): void {
    const first = unit.positions.findIndex((type) => head.test(type) && !notHead.test(type));
    const lead = first === -1 && positions.length === 1 && !unit.positions[0] ? 0 : first;
    positions.forEach((position, index) => {
      const type = textOf(position, 'positionType');
      const vacant = /^n\.? ?n\.?$/i.test(textOf(position, 'positionStatus'));
      const postNo = this.#codes.ofPosition(position, `${unitCode}.P${index + 1}`);
      const facts: PostFacts = {
        unitCode,
        function: (type || (index === lead ? 'Leitung' : 'Stelle')).slice(0, 200),
        isManagement: index === lead,
        fte: null,
        status: vacant ? 'VACANT' : 'FILLED',
      };
      this.posts.push({ code: postNo, facts, from: null, until: null, at });
      if (vacant) this.settledPosts.add(postNo);
      else this.#holder(postNo, position, at);
    });
  }

  #holder(postNo: string, position: JsonObject, at: FilePosition): void {
    const person = position.get('person');
    if (!(person instanceof Map)) return;
    const displayName = ['title', 'firstName', 'lastName']
      .map((part) => textOf(person, part))
      .filter(Boolean)
      .join(' ');
    if (!displayName) return;
    this.settledPosts.add(postNo);
    if (/^n\.? ?n\.?$/i.test(displayName)) return;
    const personKey = this.#codes.ofPerson(person) ?? `P-${postNo}`;
    const contact = person.get('contact');
    const mail = contact instanceof Map ? textOf(contact, 'email') || null : null;
    const facts: HolderFacts = {
      postNo,
      personKey,
      as: /kommissarisch/i.test(textOf(position, 'positionStatus')) ? 'INTERIM' : 'HOLDER',
    };
    this.persons.push({ personKey, displayName: displayName.slice(0, 200), mail });
    this.holders.push({ code: holderCode(facts), facts, from: null, until: null, at });
  }
}
