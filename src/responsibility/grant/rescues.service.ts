import { Injectable } from '@nestjs/common';
import { Persons } from '../../identity/index.ts';
import { Commands, newId, notPossible, systemActor, type Db } from '../../platform/index.ts';
import { keyHolders, type KeyFunction } from './grant.rules.ts';
import { Grants } from './grants.service.ts';
import { addRescue, rescues } from './grants.sql.ts';
import { KeyHolders } from './key-holders.service.ts';

export interface Rescue {
  readonly personKey: string;
  readonly displayName: string;
  readonly fn: KeyFunction;
  readonly reason: string;
}

export interface RescueNote {
  readonly id: string;
  readonly personId: string;
  readonly function: string;
  readonly reason: string;
  readonly at: Date;
}

/** The way back in when too few people are left to give others their rights: by the operator, in everybody's sight. */
@Injectable()
export class Rescues {
  readonly #commands: Commands;
  readonly #persons: Persons;
  readonly #grants: Grants;
  readonly #keyHolders: KeyHolders;

  constructor(commands: Commands, persons: Persons, grants: Grants, keyHolders: KeyHolders) {
    this.#commands = commands;
    this.#persons = persons;
    this.#grants = grants;
    this.#keyHolders = keyHolders;
  }

  /** Gives the function for the whole administration. Refuses with NotPossibleNow while two people can give it. */
  rescue(tenant: string, { personKey, displayName, fn, reason }: Rescue) {
    const input = { personKey, fn, reason };
    const request = { name: 'rescueFunction', commandId: newId(), input };
    return this.#commands.run(systemActor(tenant), request, async (tx) => {
      tx.permit(true); // whoever holds the owner's address of the database
      const held = await this.#keyHolders.count(tx, fn);
      if (held >= keyHolders) return notPossible(null, stillHeld(held));
      const known = await this.#persons.idsByKey(tx, [personKey]);
      const ids = known.size > 0 ? known : await this.#persons.upsert(tx, [{ personKey, displayName }]);
      const personId = ids.get(personKey)!;
      const [grantId] = await this.#grants.give(tx, [{ personId, fn, scope: 'TENANT', from: tx.today }]);
      await tx.call(addRescue, [newId(), grantId, personId, fn, reason]);
      return { grantId: grantId! };
    });
  }

  list(db: Db): Promise<RescueNote[]> {
    return db.call<RescueNote>(rescues);
  }
}

const stillHeld = (held: number) => ({
  de: `Diese Funktion haben mindestens zwei Personen dauerhaft (es sind ${held}); zwei von ihnen können sie verleihen.`,
  en: `At least two people hold this function for good (there are ${held}); two of them can grant it.`,
});
