import { Injectable } from '@nestjs/common';
import { applicableCriteria, Catalogue, type Edition } from '../../catalogue/index.ts';
import { Definitions } from '../../engine/index.ts';
import { groupSize, Organisation, type UnitNode, type UnitTree } from '../../organisation/index.ts';
import { found, type Db } from '../../platform/index.ts';
import { Responsibility, type UnitCoverage } from '../../responsibility/index.ts';
import { countByClass } from '../rating/criteria.rules.ts';
import type { Finding } from './finding.rules.ts';
import type { DefinitionShape } from '../opening/definition-needs.rules.ts';
import { inLine } from '../opening/independence.rules.ts';
import { Independence } from '../opening/independence.service.ts';
import { OpeningProcesses } from '../opening/opening-processes.service.ts';
import { roundFindings, type UnitFacts } from './round-check.rules.ts';
import { auditorsOf, peopleOf, scopeOf, type RoundPersonRow, type RoundRow } from '../opening/round.sql.ts';
import { planRating, unitsInScope, type RatingPlan, type SmallTeams } from '../opening/scope.rules.ts';

/** What would start: everything in the round's scope, or units that join those inside. */
export interface Start {
  readonly smallTeams: SmallTeams;
  readonly joining?: { readonly units: readonly UnitNode[]; readonly inside: ReadonlySet<string> };
}

export interface RoundCheck {
  readonly edition: Edition;
  readonly plan: RatingPlan<UnitNode>;
  /** Units that get an opening process: rated ones to which at least one criterion applies. */
  readonly starting: readonly UnitNode[];
  readonly findings: readonly Finding[];
}

/** Looks at a round as it would start today. */
@Injectable()
export class RoundChecks {
  readonly #organisation: Organisation;
  readonly #catalogue: Catalogue;
  readonly #responsibility: Responsibility;
  readonly #openings: OpeningProcesses;
  readonly #independence: Independence;
  readonly #definitions: Definitions;

  constructor(
    organisation: Organisation,
    catalogue: Catalogue,
    responsibility: Responsibility,
    openings: OpeningProcesses,
    independence: Independence,
    definitions: Definitions,
  ) {
    this.#organisation = organisation;
    this.#catalogue = catalogue;
    this.#responsibility = responsibility;
    this.#openings = openings;
    this.#independence = independence;
    this.#definitions = definitions;
  }

  /** Everything that would go wrong, of the whole scope or of units that join. A dozen statements for any size. */
  async check(db: Db, round: RoundRow, { smallTeams: treatment, joining }: Start): Promise<RoundCheck> {
    const tree = await this.#organisation.tree(db);
    const edition = found(await this.#catalogue.edition(db, round.editionId), {
      de: 'Fassung',
      en: 'Edition',
    });
    const smallest = tree.minimumShown;
    const units = joining?.units ?? unitsInScope(await scopeOf(db, round.id), tree);
    const plan = planRating(units, tree, { treatment, smallest, inside: joining?.inside });
    const members = await peopleOf(db, round.id, db.today);
    const unit = await this.#unitFacts(db, round, { edition, tree, units: plan.rated, members });
    const findings = roundFindings({
      today: db.today,
      closesOn: round.closesOn,
      editionPublished: edition.status === 'PUBLISHED',
      definition: await this.#shapeOf(db, round.definitionId),
      members,
      boardQuorum: round.boardQuorum,
      smallest,
      plan,
      unit,
    });
    return { edition, plan, starting: plan.rated.filter((one) => unit(one).criteria > 0), findings };
  }

  async #shapeOf(db: Db, definitionId: string): Promise<DefinitionShape> {
    const { chart } = await this.#definitions.machineOf(db, definitionId);
    const tags = [...chart.nodes.values()].flatMap(({ state }) => state.tags ?? []);
    return { steps: Object.keys(chart.definition.steps), tags };
  }

  async #unitFacts(db: Db, round: RoundRow, look: Look): Promise<(unit: UnitNode) => UnitFacts> {
    const { edition, tree, units } = look;
    const ids = units.map(({ id }) => id);
    const heads = await this.#organisation.headPost(db, ids);
    const live = await this.#openings.liveOf(db, ids);
    const coverage = await this.#responsibility.coverage(db, { unitIds: ids, editionId: edition.id });
    const assigned = await auditorsOf(db, round.id, db.today);
    const audited = new Set(assigned.filter(({ fn }) => fn === 'AUD').map(({ unitId }) => unitId));
    const dependent = Map.groupBy(
      await this.#independence.dependent(db, assigned, tree),
      ({ unitId }) => unitId,
    );
    const leads = await this.#leadUnits(db, look.members);
    const counted = countByClass(edition, (unit: UnitNode) => applicableCriteria(edition, unit));
    return (unit) => ({
      criteria: counted(unit).applicable,
      ...uncovered(coverage.get(unit.id)),
      hasHead: (heads.get(unit.id)?.holders.length ?? 0) > 0,
      hasAuditor: audited.has(unit.id),
      dependentAuditors: dependent.get(unit.id)?.length ?? 0,
      hasIndependentLead: leads.length === 0 || leads.some((own) => !inLine(own, unit.id, tree)),
      openElsewhere: live.has(unit.id),
      size: groupSize(unit, tree.minimumShown),
    });
  }

  /** For each audit lead the units in which that person holds a post. */
  async #leadUnits(db: Db, members: readonly RoundPersonRow[]): Promise<string[][]> {
    const leads = await this.#independence.personsBehind(
      db,
      members.filter(({ fn }) => fn === 'AUDLEAD'),
    );
    const units: string[][] = [];
    for (const id of new Set(leads.flatMap(({ personIds }) => personIds)))
      units.push((await this.#organisation.heldPosts(db, id)).map(({ unitId }) => unitId));
    return units;
  }
}

function uncovered(coverage: UnitCoverage | undefined) {
  const { criteria = 0, competent = 0, fields = 0, accountable = 0 } = coverage ?? {};
  return { criteriaWithoutCompetent: criteria - competent, fieldsWithoutAccountable: fields - accountable };
}

interface Look {
  readonly edition: Edition;
  readonly tree: UnitTree;
  readonly units: readonly UnitNode[];
  readonly members: readonly RoundPersonRow[];
}
