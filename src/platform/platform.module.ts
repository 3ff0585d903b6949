import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { APP_FILTER } from '@nestjs/core';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Access } from './graphql/access.ts';
import { Background } from './async/background.service.ts';
import { Clock } from './words/clock.ts';
import { CommandGroups } from './database/command-group.ts';
import { Commands } from './database/command.ts';
import { Config } from './config.ts';
import { ormOptions } from './database/db.ts';
import { HealthController } from './health/health.controller.ts';
import { Jobs } from './database/jobs.service.ts';
import { Prices } from './graphql/prices.service.ts';
import { QuietErrors } from './graphql/quiet-errors.filter.ts';
import { Readiness } from './health/readiness.service.ts';
import { Reads } from './database/reads.ts';

export interface PlatformOptions {
  readonly config: Config;
  /** The entities of all rooms, lowest first. */
  readonly entities: Options['entities'];
}

/** The tools every room stands on; global, so that rooms list only their own things. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  readonly #orm: MikroORM;

  constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  static with({ config, entities }: PlatformOptions): DynamicModule {
    const orm = {
      provide: MikroORM,
      useFactory: () => MikroORM.init(ormOptions(config.database.serverUrl, entities)),
    };
    const providers = [
      { provide: Config, useValue: config },
      { provide: APP_FILTER, useClass: QuietErrors },
      orm,
      Clock,
      Access,
      Prices,
      Commands,
      CommandGroups,
      Reads,
      Background,
      Jobs,
      Readiness,
    ];
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController],
      providers,
      exports: [Config, MikroORM, Clock, Access, Prices, Commands, CommandGroups, Reads, Background, Jobs],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#orm.close(true);
  }
}
