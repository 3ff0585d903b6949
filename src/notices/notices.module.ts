import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { Choices } from './choices.service.ts';
import { DeliveryFailures } from './delivery-failures.service.ts';
import { DeliveryRetries } from './delivery-retries.service.ts';
import { MailDelivery } from './mail-delivery.service.ts';
import { Mailer } from './mailer.service.ts';
import * as resolvers from './notices.resolver.ts';
import { Notices } from './notices.service.ts';
import { OutboundCalls } from './outbound-calls.service.ts';
import { RetentionJob } from './retention-job.service.ts';
import { SystemCommands } from './system-commands.service.ts';
import { Webhooks } from './webhooks.service.ts';

@Module({
  imports: [EngineModule, IdentityModule, OrganisationModule, ResponsibilityModule],
  providers: [
    SystemCommands,
    Choices,
    DeliveryFailures,
    Mailer,
    OutboundCalls,
    Webhooks,
    Notices,
    MailDelivery,
    DeliveryRetries,
    RetentionJob,
    ...Object.values(resolvers),
  ],
})
export class NoticesModule {}
