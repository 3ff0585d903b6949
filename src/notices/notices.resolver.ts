import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type {
  ChooseNoticesInput,
  DropEffectsInput,
  EndWebhookInput,
  RegisterWebhookInput,
  ReleaseEffectsInput,
} from '../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../platform/index.ts';
import { Choices } from './choices.service.ts';
import type { Effect } from './effects.sql.ts';
import { faultText } from './fault.rules.ts';
import { noChoice, rhythmOf } from './notice.rules.ts';
import { noticeTexts, textOf } from './notice-texts.rules.ts';
import { ParkedEffects } from './parked-effects.service.ts';
import { Webhooks } from './webhooks.service.ts';

@Resolver()
export class ChoicesResolver {
  readonly #choices: Choices;
  readonly #reads: Reads;

  constructor(choices: Choices, reads: Reads) {
    this.#choices = choices;
    this.#reads = reads;
  }

  @Query()
  async myNoticeSettings(@CurrentActor() actor: Actor) {
    const chosen = await this.#choices.of(await this.#reads.db(actor), [actor.person]);
    const choice = chosen.get(actor.person) ?? noChoice;
    const kinds = Object.entries(noticeTexts).map(([kind, { subject }]) => ({
      kind,
      label: subject,
      rhythm: rhythmOf(choice, kind),
    }));
    return { language: choice.language === 'en' ? 'EN' : 'DE', rhythm: choice.rhythm, kinds };
  }

  @Mutation()
  async chooseNotices(@Args('input') input: ChooseNoticesInput, @CurrentActor() actor: Actor) {
    const { commandId, language, rhythm, choices } = input;
    const outcome = await this.#choices.choose(actor, {
      commandId,
      kinds: choices ?? [],
      ...(language && { language: language === 'EN' ? 'en' : 'de' }),
      ...(rhythm && { rhythm }),
    });
    if (isRefusal(outcome)) return outcome;
    return { __typename: 'ChooseNoticesSuccess', settings: await this.myNoticeSettings(actor) };
  }
}

@Resolver()
export class ParkedEffectsResolver {
  readonly #parked: ParkedEffects;

  constructor(parked: ParkedEffects) {
    this.#parked = parked;
  }

  @Query()
  async parkedEffects(@CurrentActor() actor: Actor) {
    return (await this.#parked.list(actor)).map((effect) => ({
      ...inWords(effect),
      process: effect.process,
    }));
  }

  @Mutation()
  async releaseEffects(@Args('input') input: ReleaseEffectsInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#parked.release(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'ReleaseEffectsSuccess', ...outcome };
  }

  @Mutation()
  async dropEffects(@Args('input') input: DropEffectsInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#parked.drop(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'DropEffectsSuccess', ...outcome };
  }
}

@Resolver()
export class WebhooksResolver {
  readonly #webhooks: Webhooks;

  constructor(webhooks: Webhooks) {
    this.#webhooks = webhooks;
  }

  @Query()
  webhooks(@CurrentActor() actor: Actor) {
    return this.#webhooks.list(actor);
  }

  @Mutation()
  async registerWebhook(@Args('input') input: RegisterWebhookInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#webhooks.register(actor, { ...input, events: input.events ?? [] });
    if (isRefusal(outcome)) return outcome;
    return {
      __typename: 'RegisterWebhookSuccess',
      webhook: await this.#webhooks.one(actor, outcome.webhookId),
    };
  }

  @Mutation()
  async endWebhook(@Args('input') input: EndWebhookInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#webhooks.end(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'EndWebhookSuccess', ...outcome };
  }
}

const inWords = ({ id, channel, kind, functions, settledAt, attempts, fault }: Effect) => ({
  id,
  channel,
  kind,
  label: textOf(kind).subject,
  functions,
  since: settledAt,
  attempts,
  lastError: faultText(fault ?? 'INTERRUPTED'),
});
