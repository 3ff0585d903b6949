import { Query, Resolver } from '@nestjs/graphql';
import { CurrentActor, Reads, type Actor } from '../platform/index.ts';
import { MyWork } from './my-work.service.ts';

@Resolver()
export class MyWorkResolver {
  readonly #reads: Reads;
  readonly #work: MyWork;

  constructor(reads: Reads, work: MyWork) {
    this.#reads = reads;
    this.#work = work;
  }

  @Query()
  myOpenWork(@CurrentActor() actor: Actor) {
    return this.#reads.within(actor, (db) => this.#work.of(db));
  }
}
