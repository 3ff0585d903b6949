import { Args, Query, Resolver } from '@nestjs/graphql';
import type { QueryLogDownloadsArgs } from '../../graphql.ts';
import { CurrentActor, type Actor } from '../../platform/index.ts';
import { LogDownloads } from './log-downloads.service.ts';

@Resolver('LogDownload')
export class LogDownloadResolver {
  readonly #downloads: LogDownloads;

  constructor(downloads: LogDownloads) {
    this.#downloads = downloads;
  }

  @Query()
  logDownloads(@Args() args: QueryLogDownloadsArgs, @CurrentActor() actor: Actor) {
    return this.#downloads.list(actor, args);
  }
}
