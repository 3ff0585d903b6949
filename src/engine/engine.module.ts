import { Module } from '@nestjs/common';
import { Calendars } from './calendars.service.ts';
import { Definitions } from './definitions.service.ts';
import { Engine } from './engine.service.ts';
import { Hearing } from './hearing.service.ts';
import { EngineRegistry } from './registry.ts';

@Module({
  providers: [EngineRegistry, Calendars, Definitions, Hearing, Engine],
  exports: [EngineRegistry, Calendars, Definitions, Engine],
})
export class EngineModule {}
