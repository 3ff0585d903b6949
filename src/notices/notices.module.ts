import { Module } from '@nestjs/common';
import { EngineModule } from '../engine/index.ts';
import { IdentityModule } from '../identity/index.ts';
import { OrganisationModule } from '../organisation/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { Choices } from './choices.service.ts';
import { Clearing } from './clearing.service.ts';
import { Mailer } from './mailer.service.ts';
import * as resolvers from './notices.resolver.ts';
import { Notices } from './notices.service.ts';
import { ParkedEffects } from './parked-effects.service.ts';
import { Parking } from './parking.service.ts';
import { Post } from './post.service.ts';
import { SystemCommands } from './system-commands.service.ts';
import { Webhooks } from './webhooks.service.ts';

@Module({
  imports: [EngineModule, IdentityModule, OrganisationModule, ResponsibilityModule],
  providers: [
    SystemCommands,
    Choices,
    Parking,
    Mailer,
    Webhooks,
    Notices,
    Post,
    ParkedEffects,
    Clearing,
    ...Object.values(resolvers),
  ],
})
export class NoticesModule {}
