import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/index.ts';
import { ResponsibilityModule } from '../responsibility/index.ts';
import { EvidenceResolver } from './evidence.resolver.ts';
import { Evidence } from './evidence.service.ts';

@Module({
  imports: [IdentityModule, ResponsibilityModule],
  providers: [Evidence, EvidenceResolver],
  exports: [Evidence],
})
export class EvidenceModule {}
