import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type {
  ApplyAssignmentRuleInput,
  AssignmentRuleInput,
  EndAssignmentRuleInput,
  QueryPreviewAssignmentRuleArgs,
  RuleTargetInput,
} from '../../graphql.ts';
import { ClientError, CurrentActor, isRefusal, type Actor } from '../../platform/index.ts';
import type { Target } from '../assignment/assignment-rule.rules.ts';
import { AssignmentRules, type RuleCounts, type RuleDraft } from './assignment-rules.service.ts';
import { RuleViews } from './rule-views.service.ts';

@Resolver()
export class AssignmentRuleResolver {
  readonly #rules: AssignmentRules;
  readonly #views: RuleViews;

  constructor(rules: AssignmentRules, views: RuleViews) {
    this.#rules = rules;
    this.#views = views;
  }

  @Query()
  async previewAssignmentRule(@Args() args: QueryPreviewAssignmentRuleArgs, @CurrentActor() actor: Actor) {
    const preview = await this.#rules.preview(actor, draftOf(args.rule));
    if (isRefusal(preview)) return preview;
    const { counts, units, effects } = preview;
    return {
      __typename: 'AssignmentRulePreview',
      unitCount: units,
      counts: shownCounts(counts),
      effects: await this.#views.effects(actor, effects, args),
    };
  }

  @Query()
  assignmentRules(@CurrentActor() actor: Actor) {
    return this.#views.all(actor);
  }

  @Mutation()
  async applyAssignmentRule(@Args('input') input: ApplyAssignmentRuleInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#rules.apply(actor, { commandId: input.commandId, ...draftOf(input.rule) });
    if (isRefusal(outcome)) return outcome;
    const { ruleId, counts } = outcome;
    return {
      __typename: 'ApplyAssignmentRuleSuccess',
      rule: await this.#views.one(actor, ruleId),
      counts: shownCounts(counts),
    };
  }

  @Mutation()
  async endAssignmentRule(@Args('input') input: EndAssignmentRuleInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#rules.end(actor, input);
    return isRefusal(outcome)
      ? outcome
      : { __typename: 'EndAssignmentRuleSuccess', rules: await this.#views.all(actor) };
  }
}

function draftOf(rule: AssignmentRuleInput): RuleDraft {
  return {
    unitId: rule.unitId,
    levels: rule.levels ?? [],
    catalogue: rule.catalogue ?? 'administration',
    fields: rule.fields ?? [],
    criteria: rule.criteria ?? [],
    competent: targetOf(rule.competent, 'competent'),
    accountable: targetOf(rule.accountable, 'accountable'),
    rationale: rule.rationale ?? null,
    validFrom: rule.validFrom ?? null,
    validUntil: rule.validUntil ?? null,
  };
}

function targetOf(target: RuleTargetInput | null | undefined, path: string): Target | null {
  if (!target) return null;
  const { postId, headOf, postFunction } = target;
  const named: Target[] = [
    ...(postId ? [{ postId }] : []),
    ...(headOf ? [{ headOf }] : []),
    ...(postFunction ? [{ postFunction }] : []),
  ];
  if (named.length === 1) return named[0]!;
  throw new ClientError('BAD_INPUT', {
    de: `${path}: Bitte genau eines nennen: eine Stelle, die Leitung einer Einheit oder die Funktion einer Stelle.`,
    en: `${path}: please give exactly one: a post, the head of a unit, or the function of a post.`,
  });
}

const shownCounts = (counts: RuleCounts) => ({
  new: counts.NEW,
  changed: counts.CHANGED,
  overridden: counts.OVERRIDDEN,
  unchanged: counts.UNCHANGED,
  withoutPost: counts.WITHOUT_POST,
});
