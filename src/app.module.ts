import { Module, type DynamicModule } from '@nestjs/common';
import { PlatformModule, type Config } from './platform/index.ts';
import { DoorModule } from './platform/graphql/door.module.ts';
import { EngineModule } from './engine/index.ts';
import { IdentityModule } from './identity/index.ts';
import { OrganisationModule } from './organisation/index.ts';
import { CatalogueModule } from './catalogue/index.ts';
import { ResponsibilityModule } from './responsibility/index.ts';
import { NoticesModule } from './notices/index.ts';
import { EvidenceModule } from './evidence/index.ts';
import { AuditModule } from './audit/index.ts';
import { PlanningModule } from './planning/index.ts';
import { StatusModule } from './status/index.ts';
import { entities } from './entities.ts';

/** The rooms, lowest floor first, and the demo as a guest where the profile asks for it; nothing else. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.with({ config, entities }),
        DoorModule,
        EngineModule,
        IdentityModule,
        OrganisationModule,
        CatalogueModule,
        ResponsibilityModule,
        NoticesModule,
        EvidenceModule,
        AuditModule,
        PlanningModule,
        StatusModule,
        ...(config.settings.profile === 'demo' ? [demo()] : []),
      ],
    };
  }
}

// Not imported above: a server in production has neither the folder nor the packages that it needs.
async function demo(): Promise<DynamicModule> {
  return { module: (await import('./demo/index.ts')).DemoModule };
}
