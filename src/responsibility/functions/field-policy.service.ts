import { Injectable } from '@nestjs/common';
import { EngineRegistry } from '../../engine/index.ts';
import { Access, type Actor, type FieldRule, type Place } from '../../platform/index.ts';
import { functionName } from './function-names.rules.ts';
import { Functions } from './functions.service.ts';
import { Holders } from './holders.service.ts';
import { allows, allowsSomewhere, functionCodes, permissions } from './permission.rules.ts';

/** Hands the one policy to those who ask: each field of the API to the platform, each step to the engine. */
@Injectable()
export class FieldPolicy {
  readonly #functions: Functions;

  constructor(functions: Functions, holders: Holders, access: Access, engine: EngineRegistry) {
    this.#functions = functions;
    access.policy(
      Object.fromEntries(Object.keys(permissions).map((action) => [action, this.#ruleFor(action)])),
    );
    engine.registerAuthority({
      functions: new Set(functionCodes),
      nameOf: functionName,
      single: new Set(heads),
      functionsAt: async (db, { person }, places) =>
        (await functions.capacities(db, person, places)).map((held) => new Set(held.keys())),
      holders: (db, functionCode, place) => holders.of(db, functionCode, place),
      onBehalfOf: (db, { person }, asked) => functions.onBehalfOf(db, person, asked),
      may: async (db, actor, action, places) => {
        if (actor.system) return places.map(() => allows(action, new Set(['SYS']), none));
        const held = await functions.capacities(db, actor.person, places);
        return held.map((capacities) => allows(action, new Set(capacities.keys()), none));
      },
    });
  }

  /**
   * A mutation is decided inside its command, after the lock; here it needs an actor only. Whatever says where it belongs
   * is decided there, whether its declaration asks for that or not. At ANYWHERE, what belongs nowhere in particular (a
   * question, a unit) is open to whoever may somewhere, and its service filters what it lists. At PLACE, a row that forgets
   * to say where it belongs must not widen the right, so it is a fault.
   */
  #ruleFor(action: string): FieldRule {
    if (permissions[action] === 'anyone') return () => true;
    return (source, actor, at) => {
      if (at === 'COMMAND') return true;
      const place = placeOf(source);
      if (!place && at === 'ANYWHERE') return allowsSomewhere(action, this.#functions.anywhere(actor));
      if (!place) throw new Error(`What '${action}' is asked of does not say where it belongs`);
      return allows(action, functionsOf(actor, place, source), tagsOf(source));
    };
  }
}

/** Functions of the one post that heads a unit. */
const heads = ['LEAD', 'DEZ', 'HEAD', 'NEXT_ABOVE'];
const none: ReadonlySet<string> = new Set();

/** Where the object a field is read from belongs. Rooms name it on their rows; see `Place`. */
function placeOf(source: Record<string, unknown>): Place | undefined {
  const unitId = source['unitId'] ?? source['scopeId'];
  // A row about a scope is the engine's process itself: then its own id says which.
  const processId = source['processId'] ?? (source['scopeId'] ? source['id'] : undefined);
  const { seriesId } = source;
  if (!unitId && !seriesId && !processId) return undefined;
  return {
    ...(typeof unitId === 'string' && { unitId }),
    ...(typeof seriesId === 'string' && { seriesId }),
    ...(typeof processId === 'string' && { processId }),
  };
}

function functionsOf(actor: Actor, place: Place, { postId }: Record<string, unknown>): ReadonlySet<string> {
  const functions = actor.functionsAt(place);
  const holdsPost = typeof postId === 'string' && actor.posts.some((post) => post.postId === postId);
  return holdsPost ? new Set([...functions, 'POST_HOLDER']) : functions;
}

/** The tags of the process an object belongs to; without them only what holds always is allowed. */
function tagsOf({ processTags }: Record<string, unknown>): ReadonlySet<string> {
  return Array.isArray(processTags) ? new Set(processTags as string[]) : none;
}
