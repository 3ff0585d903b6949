import {
  getDirectiveValues,
  GraphQLDirective,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql';
import { ClientError } from '../words/client-error.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const defaultTextLength = 4000;
const maxListLength = 500;
const maxDepth = 20;

/** Checks one input value; throws BAD_INPUT naming the path. */
type Check = (value: unknown, path: string) => void;

const bad = (path: string, de: string, en: string): never => {
  throw new ClientError('BAD_INPUT', { de: `${path}: ${de}`, en: `${path}: ${en}` });
};

function checkId(value: unknown, path: string): void {
  if (typeof value !== 'string' || !uuid.test(value))
    bad(path, 'keine gültige Kennung (UUID).', 'not a valid id (UUID).');
}

/** NUL is refused by the database, a lone surrogate would be stored as another character without an error. */
function checkCharacters(text: string, path: string): void {
  if (text.includes('\0')) bad(path, 'enthält ein NUL-Zeichen.', 'contains a NUL character.');
  if (!text.isWellFormed()) bad(path, 'enthält ein unvollständiges Zeichen.', 'contains a lone surrogate.');
}

function checkText(max: number): Check {
  return (value, path) => {
    if (typeof value !== 'string') return;
    checkCharacters(value, path);
    if (value.length > max)
      bad(path, `${value.length} Zeichen, höchstens ${max}.`, `${value.length} characters, at most ${max}.`);
  };
}

/** Texts in whatever a scalar of a room lets through, keys as well; its own rules come later. */
function checkTexts(value: unknown, path: string, depth = 0): void {
  if (depth > maxDepth) bad(path, `tiefer als ${maxDepth} Ebenen.`, `deeper than ${maxDepth} levels.`);
  if (typeof value === 'string') checkCharacters(value, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    checkCharacters(key, path);
    checkTexts(inner, path, depth + 1);
  }
}

/** Builds the check of one argument or input field once, at boot. Recursive inputs meet their own check again. */
export class InputChecks {
  readonly #length: GraphQLDirective | null | undefined;
  readonly #objects = new Map<string, Check>();

  constructor(lengthDirective: GraphQLDirective | null | undefined) {
    this.#length = lengthDirective;
  }

  of(input: GraphQLArgument | GraphQLInputField): Check {
    const max = this.#maxLength(input);
    return this.#type(input.type, max);
  }

  #maxLength(input: GraphQLArgument | GraphQLInputField): number {
    if (!this.#length || !input.astNode) return defaultTextLength;
    return (getDirectiveValues(this.#length, input.astNode)?.max as number | undefined) ?? defaultTextLength;
  }

  #type(type: GraphQLInputType, max: number): Check {
    if (isNonNullType(type)) return this.#type(type.ofType, max);
    if (isListType(type)) return this.#list(this.#type(type.ofType, max));
    if (isInputObjectType(type)) return (value, path) => this.#object(type.name, type)(value, path);
    if (isEnumType(type)) return () => {};
    if (type.name === 'ID') return checkId;
    if (type.name === 'String') return checkText(max);
    return checkTexts;
  }

  #list(item: Check): Check {
    return (value, path) => {
      if (!Array.isArray(value)) return;
      if (value.length > maxListLength)
        bad(
          path,
          `${value.length} Einträge, höchstens ${maxListLength}.`,
          `${value.length} items, at most ${maxListLength}.`,
        );
      value.forEach((entry, i) => entry != null && item(entry, `${path}[${i}]`));
    };
  }

  #object(name: string, type: { getFields(): Record<string, GraphQLInputField> }): Check {
    let check = this.#objects.get(name);
    if (!check) {
      const fields = Object.values(type.getFields()).map((field) => [field.name, this.of(field)] as const);
      check = (value, path) => {
        const object = value as Record<string, unknown>;
        for (const [field, checkField] of fields)
          if (object[field] != null) checkField(object[field], `${path}.${field}`);
      };
      this.#objects.set(name, check);
    }
    return check;
  }
}
