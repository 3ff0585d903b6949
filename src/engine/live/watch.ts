import type { RateLimiter } from '../../platform/index.ts';

/** A process that took steps, with where it belongs. Ids and numbers only. */
export interface Changed {
  readonly id: string;
  readonly seq: number;
  readonly scopeId: string;
  readonly seriesId: string | null;
}

export interface Wanted {
  readonly tenant: string;
  /** Only this process. */
  readonly process?: string;
  /** Only the processes of this series. */
  readonly series?: string;
  readonly wants?: (changed: Changed) => boolean;
  /** Also what is commanded without moving a process: then nothing is named. */
  readonly commands?: boolean;
}

export interface Seen {
  /** Each process once, however often it moved; or that much changed. */
  readonly changed: readonly Changed[] | 'much';
  /** Everything up to this snapshot is in what was seen by now; undefined while nobody said so. */
  readonly told: string | undefined;
}

/** Beyond that many a reader is told that much changed, and looks for itself: nobody's slowness costs memory. */
const mostPending = 100;

/** What changed since somebody last looked. Iterates until it is closed, which ends a wait at once. */
export class Watch implements AsyncIterableIterator<Seen> {
  readonly wanted: Wanted;
  told: string | undefined;
  readonly #pace: RateLimiter;
  readonly #onClose: (watch: Watch) => void;
  #pending = new Map<string, Changed>();
  #much = false;
  #isClosed = false;
  #wake = () => {};

  constructor(wanted: Wanted, pace: RateLimiter, onClose: (watch: Watch) => void) {
    this.wanted = wanted;
    this.#pace = pace;
    this.#onClose = onClose;
  }

  tell(changed: Seen['changed']): void {
    const { wants = () => true } = this.wanted;
    if (changed === 'much') this.#much = true;
    else for (const one of changed) if (wants(one)) this.#pending.set(one.id, one);
    if (this.#pending.size > mostPending) this.#much = true;
    if (this.#much) this.#pending.clear();
    if (this.#isFull) this.#wake();
  }

  async next(): Promise<IteratorResult<Seen>> {
    while (!this.#isClosed && !this.#isFull) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (!this.#isClosed) await this.#pace.turn(); // what comes meanwhile is gathered
    if (this.#isClosed) return { done: true, value: undefined };
    const changed = this.#much ? ('much' as const) : [...this.#pending.values()];
    this.#much = false;
    this.#pending = new Map();
    return { done: false, value: { changed, told: this.told } };
  }

  async return(): Promise<IteratorResult<Seen>> {
    this.#isClosed = true;
    this.#onClose(this);
    this.#wake();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  get #isFull(): boolean {
    return this.#much || this.#pending.size > 0;
  }
}

/** All who watch, found by what they watch, so that a change costs as much as there are readers of it. */
export class Watches {
  readonly #all = new Set<Watch>();
  /** By the process or series that is watched, else by administration. */
  readonly #byKey = new Map<string, Set<Watch>>();

  get size(): number {
    return this.#all.size;
  }

  all(): Watch[] {
    return [...this.#all];
  }

  of(tenant: string): Watch[] {
    return this.all().filter(({ wanted }) => wanted.tenant === tenant);
  }

  /** Of processes that moved, those that somebody may want to hear of: all, unless single ones alone are watched. */
  wanted<P extends { readonly id: string }>(tenant: string, moved: readonly P[]): readonly P[] {
    if (this.of(tenant).some(({ wanted }) => !wanted.process)) return moved;
    return moved.filter(({ id }) => this.#byKey.has(id));
  }

  add(watch: Watch): void {
    const key = keyOf(watch);
    this.#all.add(watch);
    this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(watch));
  }

  remove(watch: Watch): void {
    const key = keyOf(watch);
    this.#all.delete(watch);
    const others = this.#byKey.get(key);
    others?.delete(watch);
    if (others?.size === 0) this.#byKey.delete(key);
  }

  /** `commands`: something was commanded besides that moved no process. */
  tell(tenant: string, changed: Seen['changed'], commands: boolean): void {
    if (changed === 'much') return this.of(tenant).forEach((watch) => watch.tell('much'));
    for (const watch of this.#at(tenant, tenant))
      watch.tell(commands && watch.wanted.commands ? 'much' : changed);
    for (const one of changed)
      for (const key of [one.id, one.seriesId ?? ''])
        for (const watch of this.#at(key, tenant)) watch.tell([one]);
  }

  #at(key: string, tenant: string): Watch[] {
    return [...(this.#byKey.get(key) ?? [])].filter(({ wanted }) => wanted.tenant === tenant);
  }
}

const keyOf = ({ wanted: { process, series, tenant } }: Watch): string => process ?? series ?? tenant;
