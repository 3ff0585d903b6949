import { Context, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Live, type Changed } from '../../engine/index.ts';
import { CurrentActor, Reads, type Actor } from '../../platform/index.ts';
import { MyWork } from './my-work.service.ts';

const pause = { named: 1_000, much: 15_000 };

/** With the functions held at the last answer: a new one brings new work, and then tells of its processes, too. */
interface Reader {
  asker: Actor;
}

@Resolver()
export class MyWorkResolver {
  readonly #reads: Reads;
  readonly #work: MyWork;
  readonly #live: Live;

  constructor(reads: Reads, work: MyWork, live: Live) {
    this.#reads = reads;
    this.#work = work;
    this.#live = live;
  }

  @Query()
  myOpenWork(@CurrentActor() actor: Actor) {
    return this.#reads.within(actor, (db) => this.#work.of(db));
  }

  @Subscription('myTasksChanged', {
    resolve(this: MyWorkResolver, reader: Reader, _args, { actor }: { actor: Actor }) {
      reader.asker = actor;
      return this.myOpenWork(actor);
    },
  })
  async *myTasksChanged(@CurrentActor() actor: Actor, @Context('ended') ended: AbortSignal) {
    const reader: Reader = { asker: actor };
    const wants = ({ id, scopeId, seriesId }: Changed) =>
      reader.asker.functionsAt({ unitId: scopeId, processId: id, ...(seriesId && { seriesId }) }).size > 0;
    for await (const _tick of this.#live.ticks({ tenant: actor.tenant, wants, commands: true }, pause, ended))
      yield reader;
  }
}
