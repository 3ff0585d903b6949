// Clients as they should be: each command is sent, under its one id, until it is answered.
import { v7 } from 'uuid';
import { Chart } from '../../src/engine/definition/chart.rules.ts';
import type { Definition } from '../../src/engine/definition/definition.rules.ts';
import { samplePayload } from '../support/payload.ts';
import { Lost, type EngineBook } from './book.ts';
import type { Dice } from './dice.ts';
import type { Answer, EngineRoom, Order, Wish } from './engine-room.ts';

/** Whoever obeys at the moment; while nobody does, a promise of the next one. */
export type Server = Pick<EngineRoom, 'obey' | 'look' | 'fireDue'>;
export type Serving = () => Promise<Server>;

interface Place {
  readonly processId: string;
  readonly definitionId: string;
  version: number;
  states: readonly string[];
}

const kept = 12;

/** Processes that several clients drive at once, each command chosen among what their states offer. */
export class Clients {
  readonly #book: EngineBook;
  readonly #serving: Serving;
  readonly #dice: Dice;
  readonly #charts: ReadonlyMap<string, Chart>;
  readonly #places: Place[] = [];

  constructor(
    book: EngineBook,
    serving: Serving,
    dice: Dice,
    definitions: Readonly<Record<string, Definition>>,
  ) {
    this.#book = book;
    this.#serving = serving;
    this.#dice = dice;
    this.#charts = new Map(Object.entries(definitions).map(([id, body]) => [id, new Chart(body)]));
  }

  /** Each client sends one command after the other until it is over. */
  async work(clients: number, isOver: () => boolean): Promise<void> {
    const one = async () => {
      while (!isOver()) await this.command();
    };
    await Promise.all(Array.from({ length: clients }, one));
  }

  /** One command, until it is answered; its id. */
  async command(): Promise<string> {
    const { wish, place } = this.#choose();
    const order: Order = { commandId: v7(), ...wish };
    this.#book.sends(order);
    const answer = await this.#insist(order.commandId, (server) => server.obey(order));
    this.#book.hears(order.commandId, answer);
    await this.#learn(place, answer);
    return order.commandId;
  }

  /** Everything due is fired, again and again, beside what people do. */
  async clockwork(isOver: () => boolean, pause: () => Promise<unknown>): Promise<number> {
    let fired = 0;
    while (!isOver()) {
      fired += await this.#insist('due', (server) => server.fireDue());
      await pause();
    }
    return fired;
  }

  async #insist<T>(what: string, ask: (server: Server) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask(await this.#serving());
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        this.#book.loses(what);
      }
    }
  }

  #choose(): { wish: Wish; place: Place } {
    const place = this.#places.length < kept ? undefined : this.#dice.one(this.#places);
    const step = place && this.#stepFrom(place);
    if (!place || !step) return this.#beginning(place);
    const { processId, version, definitionId } = place;
    const { who, payload } = this.#charts.get(definitionId)!.definition.steps[step]!;
    const { function: as } = this.#dice.one(who.filter((one) => one.function !== 'SYS'));
    const wish = { does: 'take' as const, processId, step, payload: samplePayload(payload), as };
    return { wish: this.#dice.below(2) ? wish : { ...wish, expectedVersion: version }, place };
  }

  /** What people may try here. To cancel ends it all, and is tried only now and then. */
  #stepFrom({ definitionId, states }: Place): string | undefined {
    const chart = this.#charts.get(definitionId)!;
    const ofPeople = chart
      .steps(states)
      .filter((name) => chart.definition.steps[name]!.who.some((one) => one.function !== 'SYS'));
    const going = ofPeople.filter((name) => name !== 'CANCEL' || this.#dice.below(30) === 0);
    return ofPeople.length > 0 ? this.#dice.one(going.length > 0 ? going : ofPeople) : undefined;
  }

  #beginning(ended: Place | undefined): { wish: Wish; place: Place } {
    if (ended) this.#places.splice(this.#places.indexOf(ended), 1);
    const definitionId = this.#dice.one([...this.#charts.keys()]);
    const place: Place = { processId: v7(), definitionId, version: 0, states: [] };
    return { wish: { does: 'start', definitionId, processId: place.processId }, place };
  }

  async #learn(place: Place, answer: Answer): Promise<void> {
    const { processId } = place;
    const now =
      'receipt' in answer ? answer.receipt : await this.#insist('look', (server) => server.look(processId));
    if (!now) return;
    if (!this.#places.includes(place) && place.version === 0) this.#places.push(place);
    Object.assign(place, { version: now.version, states: now.states });
  }
}
