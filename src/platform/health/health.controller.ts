import { Controller, Get, Header, HttpException, HttpStatus } from '@nestjs/common';
import { Readiness } from './readiness.service.ts';

interface Health {
  readonly status: 'live' | 'ready' | 'not ready';
}

/** For whoever starts and watches the server; without signing in, and without any detail (docs/operation.md). */
@Controller()
export class HealthController {
  readonly #readiness: Readiness;

  constructor(readiness: Readiness) {
    this.#readiness = readiness;
  }

  /** The process listens. It asks nothing else: a server is not started anew because its database is away. */
  @Get('live')
  @Header('cache-control', 'no-store')
  live(): Health {
    return { status: 'live' };
  }

  /** 200 where people may be sent to this server, 503 where not. */
  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(): Promise<Health> {
    if (await this.#readiness.isReady()) return { status: 'ready' };
    throw new HttpException({ status: 'not ready' } satisfies Health, HttpStatus.SERVICE_UNAVAILABLE);
  }
}
