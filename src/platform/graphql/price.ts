import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** One unit is about a tenth of a millisecond of the server's time; the most one request may come to (ADR 76). */
export const mostPerRequest = 5000;
/** A document that is walked longer than this is nobody's question, whatever its fields cost. */
const mostSteps = 20_000;
const leafPrice = 0.1;
/** A command is a transaction with a lock, a log and a wait for the disk. */
const commandPrice = 50;
const rowsOfList = 10;
const pageRows = { unless: 20, most: 100 };

interface Walk {
  readonly schema: GraphQLSchema;
  readonly variables: Record<string, unknown>;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly most: number;
  steps: number;
}

/**
 * What an operation costs at most, known before anything is executed: an object is one unit and a leaf a tenth, times
 * the rows of every list above it; what a field costs the database besides is its `@price`. An alias costs what its
 * field does. Of a list in pages the rows are its `first`, variables and defaults included. It stops at about `most`
 * and gives a larger number then. Undefined where the variables do not fit: execution says that better.
 */
export function priceOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  raw: Readonly<Record<string, unknown>>,
  most = Infinity,
): number | undefined {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], raw, { maxErrors: 1 });
  if (!coerced) return undefined;
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  );
  const root = schema.getRootType(operation.operation);
  const walk: Walk = { schema, variables: coerced, fragments, most, steps: 0 };
  if (!root) return undefined;
  const commands = operation.operation === 'mutation' ? operation.selectionSet.selections.length : 0;
  return Math.ceil(commands * commandPrice + sum(walk, root, operation.selectionSet, 1));
}

/** `times` is how often the whole selection is read: only the bound needs it, so that a walk ends early. */
function sum(walk: Walk, type: GraphQLNamedType, { selections }: SelectionSetNode, times: number): number {
  let total = 0;
  for (const selection of selections) {
    if ((walk.steps += 1) > mostSteps) return Infinity;
    if (total * times > walk.most) return total;
    if (selection.kind === Kind.FIELD) {
      const field = fieldsOf(type)?.[selection.name.value];
      if (field) total += fieldPrice(walk, type, field, selection, times);
    } else {
      const part =
        selection.kind === Kind.FRAGMENT_SPREAD ? walk.fragments.get(selection.name.value) : selection;
      const on = part?.typeCondition ? walk.schema.getType(part.typeCondition.name.value) : type;
      if (part && on) total += sum(walk, on, part.selectionSet, times);
    }
  }
  return total;
}

function fieldPrice(
  walk: Walk,
  parent: GraphQLNamedType,
  field: GraphQLField<unknown, unknown>,
  node: Parameters<typeof getArgumentValues>[1] & { readonly selectionSet?: SelectionSetNode | undefined },
  times: number,
): number {
  const price = walk.schema.getDirective('price');
  const declared = (price && field.astNode && getDirectiveValues(price, field.astNode)) as
    { readonly units?: number; readonly rows?: number } | undefined;
  const own = declared?.units ?? 0;
  const type = getNamedType(field.type);
  if (!node.selectionSet || !isCompositeType(type)) return own + leafPrice;
  const rows = rowsOf(walk, parent, field, node, declared?.rows);
  return own + rows * (1 + sum(walk, type, node.selectionSet, times * rows));
}

/** The rows of a page are counted where they are asked for, so `nodes` below multiplies nothing again. */
function rowsOf(
  { variables }: Walk,
  parent: GraphQLNamedType,
  field: GraphQLField<unknown, unknown>,
  node: Parameters<typeof getArgumentValues>[1],
  declared: number | undefined,
): number {
  if (field.args.some(({ name }) => name === 'first')) {
    const first = (getArgumentValues(field, node, variables)['first'] as number | null) ?? pageRows.unless;
    return Math.min(Math.max(first, 1), pageRows.most);
  }
  if (!isListType(getNullableType(field.type)) || parent.name.endsWith('Connection')) return 1;
  return declared ?? rowsOfList;
}

const fieldsOf = (type: GraphQLNamedType) =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields() : undefined;
