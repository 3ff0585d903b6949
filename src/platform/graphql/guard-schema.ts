import {
  defaultFieldResolver,
  getDirectiveValues,
  getNamedType,
  GraphQLString,
  isInputObjectType,
  isObjectType,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { AccessPlace, FieldRule } from './access.ts';
import type { Actor } from '../words/actor.ts';
import { ClientError } from '../words/client-error.ts';
import { commandsFinished } from '../database/receipt.ts';
import { InputChecks } from './input-check.ts';
import { isText } from '../words/text.ts';

export interface RequestContext {
  readonly actor: Actor;
  /** Of a stream: when it ends, so does what it waits for. */
  readonly ended?: AbortSignal;
}
type Resolver = GraphQLFieldResolver<Record<string, unknown>, RequestContext>;

const forbidden = (field: string) =>
  new ClientError('FORBIDDEN', {
    de: `${field}: Dafür fehlt Ihnen das Recht.`,
    en: `${field}: you do not hold the right to see this.`,
  });

/**
 * Default deny, per field: wraps every field of every object type with its rule, the check of its inputs and the
 * rendering of two-language texts. A field without a known rule stops the boot, with all of them listed (ADR 0006).
 */
export function guardSchema(schema: GraphQLSchema, rules: ReadonlyMap<string, FieldRule>): GraphQLSchema {
  const checks = new InputChecks(schema.getDirective('length'));
  const missing: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(schema, type, field);
      const rule = access && rules.get(access.action);
      const wrong = access && misplaced(schema, type, field, access);
      if (!rule || wrong)
        missing.push(
          `${type.name}.${field.name} (${wrong ?? (access ? `no rule '${access.action}'` : 'no @access')})`,
        );
      else guardField(schema, type, field, rule, access.at!, checks);
    }
  }
  if (missing.length > 0) throw new Error(`Fields without an access rule: ${missing.join(', ')}`);
  return schema;
}

interface FieldAccess {
  readonly action: string;
  readonly at?: AccessPlace;
}

/** The field's own, else its type's; the root types have none to inherit. */
function accessOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): FieldAccess | undefined {
  const access = schema.getDirective('access');
  if (!access) return undefined;
  const onField = field.astNode && getDirectiveValues(access, field.astNode);
  const nodes = isRoot(schema, type) ? [] : [type.astNode, ...type.extensionASTNodes];
  const onType = nodes.map((node) => node && getDirectiveValues(access, node)).find(Boolean);
  return (onField ?? onType) as FieldAccess | undefined;
}

const isRoot = (schema: GraphQLSchema, type: GraphQLObjectType) =>
  [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].includes(type);

/** Why a field cannot have its right held where it says; undefined when it can. */
function misplaced(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  { args }: GraphQLField<unknown, unknown>,
  { at }: FieldAccess,
): string | undefined {
  const isMutation = type === schema.getMutationType();
  if (!at) return 'not said where: at PLACE, ANYWHERE or COMMAND';
  if (at === 'PLACE' && isRoot(schema, type) && type !== schema.getSubscriptionType())
    return 'at PLACE, but there is no object yet';
  if (isMutation !== (at === 'COMMAND'))
    return isMutation ? `a mutation at ${at} instead of COMMAND` : 'at COMMAND, but it is no mutation';
  if (isMutation && !args.some(({ type: input }) => isCommandInput(getNamedType(input))))
    return 'at COMMAND, but its input has no commandId';
  return undefined;
}

const isCommandInput = (type: GraphQLNamedType) => isInputObjectType(type) && 'commandId' in type.getFields();

function guardField(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  rule: FieldRule,
  at: AccessPlace,
  checks: InputChecks,
): void {
  const name = `${type.name}.${field.name}`;
  const inner = (field.resolve ?? defaultFieldResolver) as Resolver;
  const renders = getNamedType(field.type) === GraphQLString;
  const inputs = field.args.map((arg) => [arg.name, checks.of(arg)] as const);
  const shown: Resolver = renders ? (s, a, c, i) => rendered(inner(s, a, c, i), c.actor) : inner;
  const run = type === schema.getMutationType() ? mustCommand(name, shown) : shown;

  field.resolve = ((source, args, context, info) => {
    const actor = context?.actor;
    if (!actor) throw unauthenticated();
    for (const [arg, check] of inputs) if (args[arg] != null) check(args[arg], arg);
    if (!rule(source ?? {}, actor, at)) throw forbidden(name);
    return run(source, args, context, info);
  }) as Resolver as never;
  if (type === schema.getSubscriptionType()) guardSubscription(name, field, rule, inputs);
}

/** A subscription is asked at its beginning, with no object yet, and again for each event that it tells. */
function guardSubscription(
  name: string,
  field: GraphQLField<unknown, unknown>,
  rule: FieldRule,
  inputs: readonly (readonly [string, ReturnType<InputChecks['of']>])[],
): void {
  const inner = field.subscribe as Resolver | undefined;
  field.subscribe = ((source, args, context, info) => {
    const actor = context?.actor;
    if (!actor) throw unauthenticated();
    for (const [arg, check] of inputs) if (args[arg] != null) check(args[arg], arg);
    if (!rule({}, actor, 'ANYWHERE')) throw forbidden(name);
    return inner!(source, args, context, info);
  }) as Resolver as never;
}

export const unauthenticated = () =>
  new ClientError('UNAUTHENTICATED', {
    de: 'Bitte anmelden: Es fehlt ein gültiges Zugangstoken (Authorization: Bearer …).',
    en: 'Please sign in: a valid access token is missing (Authorization: Bearer …).',
  });

/** A mutation that answered without a finished command wrote past the only writing door, or forgot to write at all. */
function mustCommand(name: string, inner: Resolver): Resolver {
  return async (source, args, context, info) => {
    const before = commandsFinished(context.actor);
    const answer = await inner(source, args, context, info);
    if (answer instanceof Error) return answer; // a client's fault on the way to the command: Nest hands it over
    if (commandsFinished(context.actor) === before) throw new Error(`${name} answered without a command`);
    return answer;
  };
}

function rendered(value: unknown, actor: Actor): unknown {
  if (value instanceof Promise) return value.then((settled) => rendered(settled, actor));
  if (Array.isArray(value)) return value.map((item) => (isText(item) ? item[actor.language] : item));
  return isText(value) ? value[actor.language] : value;
}
