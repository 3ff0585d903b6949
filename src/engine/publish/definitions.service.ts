import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { readFile, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { found, refuseFaults, type Db, type InvalidInput, type Tx } from '../../platform/index.ts';
import { Chart } from '../definition/chart.rules.ts';
import { faultsOfNames, sentence } from './check.rules.ts';
import { identityOf, readDefinition, type Fault } from '../definition/definition-file.rules.ts';
import { faultsOf } from './definition-check.rules.ts';
import type { Definition } from '../definition/definition.rules.ts';
import { Machine } from '../machine/machine.rules.ts';
import { EngineRegistry } from '../machine/registry.ts';
import { bodyOf, newestOf, existing, listed, insert } from './definitions.sql.ts';

const shippedFolder = fileURLToPath(new URL('../../../data/processes/', import.meta.url));

export const versionTaken: Fault = {
  path: '$.version',
  message: {
    de: 'Diese Version ist mit anderem Inhalt veröffentlicht; bitte die nächste vergeben.',
    en: 'This version is published with another content; please use the next one.',
  },
};

export interface PublishedDefinition {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly body: Definition;
  readonly sha256: string;
  readonly publishedAt: Date;
  readonly retiredAt: Date | null;
}

/** Published definitions, compiled once each. An id follows from the content, so a machine serves every tenant. */
@Injectable()
export class Definitions implements OnApplicationBootstrap {
  readonly #registry: EngineRegistry;
  readonly #machines = new Map<string, Machine>();
  /** Administration and id of what was read there once: a published definition is never taken back. */
  readonly #known = new Set<string>();
  #shipped: Promise<readonly Definition[]> | undefined;

  constructor(registry: EngineRegistry) {
    this.#registry = registry;
  }

  /**
   * Refuses to serve when a shipped definition names something that no room has registered. What only walking it
   * shows (a third of a second) is proved by its test.
   */
  async onApplicationBootstrap(): Promise<void> {
    for (const definition of await this.shipped()) {
      const faults = faultsOfNames(new Chart(definition), this.#registry);
      if (faults.length > 0)
        throw new Error(
          `Process definition ${definition.key} v${definition.version} cannot run:\n${faults.map((fault) => sentence(fault, 'en')).join('\n')}`,
        );
    }
  }

  /** The definitions that come with the product, the versions of each in their order. */
  shipped(): Promise<readonly Definition[]> {
    return (this.#shipped ??= readAllShipped());
  }

  /** Publishes what is shipped and not there yet; the ids by key, the newest version's last. Their faults are a test's. */
  async publishShipped(tx: Tx): Promise<Map<string, string>> {
    const ids = new Map<string, string>();
    for (const definition of await this.shipped()) {
      const id = await this.#insert(tx, definition);
      // Also a mistake of ours: what changes gets a new version, because processes run by the old one.
      if (!id) throw new Error(`${definition.key} v${definition.version} is published with another content`);
      ids.set(definition.key, id);
    }
    return ids;
  }

  /**
   * Publishes a definition file and gives its id, or refuses it whole with InvalidInput: every fault with its place.
   * The same content again is no fault. The caller asks for permission.
   */
  async publish(tx: Tx, file: Uint8Array | string): Promise<string | InvalidInput> {
    const read = readDefinition(file);
    const refused = refuseFaults('faults' in read ? read.faults : faultsOf(read.definition, this.#registry));
    return refused || 'faults' in read ? refused! : this.publishChecked(tx, read.definition);
  }

  /** The same for a definition whose faults were asked for already. */
  async publishChecked(tx: Tx, definition: Definition): Promise<string | InvalidInput> {
    return (await this.#insert(tx, definition)) ?? refuseFaults([versionTaken])!;
  }

  /** The id, or undefined when this version is published with another content. */
  async #insert(tx: Tx, definition: Definition): Promise<string | undefined> {
    const { id, sha256 } = identityOf(definition);
    const { key, version } = definition;
    const [before] = await tx.call<{ sha256: string }>(existing, [key, version]);
    if (before) return before.sha256 === sha256 ? id : undefined;
    const taskTags = JSON.stringify(Object.fromEntries(new Chart(definition).tagsOfTasks));
    await tx.call(insert, [id, key, version, JSON.stringify(definition), sha256, taskTags, tx.actor.account]);
    return id;
  }

  /** The newest published version of a definition; undefined where none is. */
  async newest(db: Db, key: string): Promise<string | undefined> {
    return (await db.call<{ id: string }>(newestOf, [key]))[0]?.id;
  }

  list(db: Db): Promise<PublishedDefinition[]> {
    return db.call<PublishedDefinition>(listed);
  }

  /** The machine of a definition published in the asker's administration; NOT_FOUND for an unknown or foreign id. */
  async machineOf(db: Db, id: string): Promise<Machine> {
    const known = `${db.actor.tenant} ${id}`;
    const compiled = this.#machines.get(id);
    if (compiled && this.#known.has(known)) return compiled;
    const [row] = await db.call<{ body: Definition; sha256: string }>(bodyOf, [id]);
    const { body, sha256 } = found(row, { de: 'Ablauf', en: 'Process definition' });
    if (identityOf(body).sha256 !== sha256)
      throw new Error(`Process definition ${id} is not what was published`);
    const machine = compiled ?? new Machine(new Chart(body));
    this.#machines.set(id, machine);
    this.#known.add(known);
    return machine;
  }
}

async function readAllShipped(): Promise<Definition[]> {
  const files = (await readdir(shippedFolder)).filter((file) => file.endsWith('.json'));
  const definitions = await Promise.all(files.map((file) => readShipped(file)));
  return definitions.sort((a, b) => a.key.localeCompare(b.key) || a.version - b.version);
}

async function readShipped(file: string): Promise<Definition> {
  const read = readDefinition(await readFile(shippedFolder + basename(file)));
  if ('definition' in read) return read.definition;
  throw new Error(
    `${file} is no process definition:\n${read.faults.map((fault) => sentence(fault, 'en')).join('\n')}`,
  );
}
