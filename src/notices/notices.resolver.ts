import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import type {
  ChooseNoticesInput,
  DropDeliveriesInput,
  EndWebhookInput,
  RegisterWebhookInput,
  RetryDeliveriesInput,
} from '../graphql.ts';
import { CurrentActor, isRefusal, Reads, type Actor } from '../platform/index.ts';
import { Choices } from './choices.service.ts';
import type { Delivery } from './deliveries.sql.ts';
import { DeliveryRetries } from './delivery-retries.service.ts';
import { faultText } from './fault.rules.ts';
import { noChoice, rhythmOf } from './notice.rules.ts';
import { noticeTexts, textOf } from './notice-texts.rules.ts';
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
export class FailedDeliveriesResolver {
  readonly #retries: DeliveryRetries;

  constructor(retries: DeliveryRetries) {
    this.#retries = retries;
  }

  @Query()
  async failedDeliveries(@CurrentActor() actor: Actor) {
    return (await this.#retries.list(actor)).map((delivery) => ({
      ...inWords(delivery),
      process: delivery.process,
    }));
  }

  @Mutation()
  async retryDeliveries(@Args('input') input: RetryDeliveriesInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#retries.retry(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'RetryDeliveriesSuccess', ...outcome };
  }

  @Mutation()
  async dropDeliveries(@Args('input') input: DropDeliveriesInput, @CurrentActor() actor: Actor) {
    const outcome = await this.#retries.drop(actor, input);
    return isRefusal(outcome) ? outcome : { __typename: 'DropDeliveriesSuccess', ...outcome };
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

const inWords = ({ id, channel, kind, functions, settledAt, attempts, fault }: Delivery) => ({
  id,
  channel,
  kind,
  label: textOf(kind).subject,
  functions,
  since: settledAt,
  attempts,
  lastError: faultText(fault ?? 'INTERRUPTED'),
});
