import { Args, Context, Query, Resolver, Subscription } from '@nestjs/graphql';
import { Access, CurrentActor, found, Reads, type Actor, type FieldRule } from '../../platform/index.ts';
import { Changes, type ChangeEvent, type WhichProcesses } from './changes.service.ts';

@Resolver('ProcessChange')
export class LiveResolver {
  readonly #reads: Reads;
  readonly #changes: Changes;

  readonly #access: Access;

  constructor(reads: Reads, changes: Changes, access: Access) {
    this.#reads = reads;
    this.#changes = changes;
    this.#access = access;
  }

  @Subscription('processChanged', {
    resolve(this: LiveResolver, event: ChangeEvent, _args, { actor }: { actor: Actor }) {
      return this.shown(event, actor);
    },
  })
  processChanged(
    @Args() { since, ...which }: WhichProcesses & { since?: string | null },
    @CurrentActor() actor: Actor,
    @Context('ended') ended: AbortSignal,
  ) {
    return this.#changes.of(actor, which, since ?? null, ended);
  }

  @Query()
  async changesSince(
    @Args() { cursor, ...which }: WhichProcesses & { cursor: string },
    @CurrentActor() actor: Actor,
  ) {
    const mayRead: FieldRule = this.#access.rules.get('process.read')!;
    const db = await this.#reads.db(actor);
    const events = await this.#changes.since(db, which, cursor);
    const mine = events.filter((event) => mayRead({ ...event }, actor, 'PLACE'));
    const processes = await this.#changes.processes(
      db,
      mine.map(({ processId }) => processId),
    );
    const byId = new Map(processes.map((process) => [process.id, process]));
    return mine.map((event) => ({ cursor: event.cursor, process: byId.get(event.processId) }));
  }

  async shown({ processId, cursor }: ChangeEvent, actor: Actor) {
    const [process] = await this.#changes.processes(await this.#reads.db(actor), [processId]);
    return { cursor, process: found(process, { de: 'Vorgang', en: 'Process' }) };
  }
}
