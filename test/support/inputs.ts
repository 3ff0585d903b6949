import {
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';

export type Path = readonly (string | number)[];
export type Input = Record<string, unknown>;

/** One place of an input where a value stands: `ratings.0.statement`. */
export interface Place {
  readonly path: Path;
  /** The name of the field it belongs to. */
  readonly name: string;
  /** `ID`, `String`, … or `Enum`. */
  readonly kind: string;
  readonly isOptional: boolean;
  /** How long a text may be. */
  readonly max: number;
}

/** Knows the inputs of a schema: makes well-formed ones and names their places, so that a test can spoil one. */
export class Inputs {
  readonly #schema: GraphQLSchema;
  /** A value of a scalar that fits the field of this name. */
  readonly #scalar: (kind: string, name: string) => unknown;

  constructor(schema: GraphQLSchema, scalar: (kind: string, name: string) => unknown) {
    this.#schema = schema;
    this.#scalar = scalar;
  }

  of(mutation: string): GraphQLInputObjectType {
    const field = this.#schema.getMutationType()!.getFields()[mutation]!;
    return getNamedType(field.args[0]!.type) as GraphQLInputObjectType;
  }

  /** A well-formed input with what must be there. */
  sample(type: GraphQLInputObjectType): Input {
    const asked = Object.values(type.getFields()).filter(
      ({ type: of, defaultValue }) => isNonNullType(of) && defaultValue === undefined,
    );
    return Object.fromEntries(asked.map((field) => [field.name, this.#value(field.type, field.name)]));
  }

  #value(type: GraphQLInputType, name: string): unknown {
    const bare = getNullableType(type);
    if (isListType(bare)) return [this.#value(bare.ofType, name)];
    if (isInputObjectType(bare)) return this.sample(bare);
    return isEnumType(bare) ? bare.getValues()[0]!.name : this.#scalar(bare.toString(), name);
  }

  /** Every place of a value, those of lists by their first entry. */
  places(type: GraphQLInputObjectType, at: Path = []): Place[] {
    return Object.values(type.getFields()).flatMap((field) => this.#placesOf(field, [...at, field.name]));
  }

  #placesOf(field: GraphQLInputField, at: Path): Place[] {
    const bare = getNullableType(field.type);
    const path = isListType(bare) ? [...at, 0] : at;
    const named = getNamedType(field.type);
    if (isInputObjectType(named)) return this.places(named, path);
    const length = this.#schema.getDirective('length')!;
    const max = getDirectiveValues(length, field.astNode!)?.['max'] as number | undefined;
    const kind = isEnumType(named) ? 'Enum' : named.name;
    return [{ path, name: field.name, kind, isOptional: !isNonNullType(field.type), max: max ?? 4000 }];
  }

  /** The path of every list. */
  lists(type: GraphQLInputObjectType, at: Path = []): Path[] {
    return Object.values(type.getFields()).flatMap((field) => {
      const path = [...at, field.name];
      const isList = isListType(getNullableType(field.type));
      const named = getNamedType(field.type);
      const below = isInputObjectType(named) ? this.lists(named, isList ? [...path, 0] : path) : [];
      return isList ? [path, ...below] : below;
    });
  }

  /** What stands at a place of the input, or what could. */
  at(type: GraphQLInputObjectType, input: Input, path: Path): unknown {
    return read(this.#reaching(type, input, path), path);
  }

  /** The input with another value at one place; what is missing on the way there is made. */
  with(type: GraphQLInputObjectType, input: Input, path: Path, value: unknown): Input {
    const whole = this.#reaching(type, input, path);
    (read(whole, path.slice(0, -1)) as Record<string | number, unknown>)[path.at(-1)!] = value;
    return whole;
  }

  #reaching(type: GraphQLInputObjectType, input: Input, path: Path): Input {
    const whole = structuredClone(input);
    let here: unknown = whole;
    let fields: GraphQLInputObjectType = type;
    for (const key of path) {
      const object = here as Record<string | number, unknown>;
      if (typeof key === 'string') {
        const field = fields.getFields()[key]!;
        const isMissing = object[key] == null || (Array.isArray(object[key]) && object[key].length === 0);
        if (isMissing) object[key] = this.#value(field.type, key);
        const named = getNamedType(field.type);
        if (isInputObjectType(named)) fields = named;
      }
      here = object[key];
    }
    return whole;
  }
}

const read = (input: unknown, path: Path): unknown =>
  path.reduce<unknown>((here, key) => (here as Record<string | number, unknown> | undefined)?.[key], input);
