// The schema beside the editors: its types and fields with their descriptions, found by clicking and by searching.
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { say } from './words.js';

const mostFound = 60;

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children.filter((child) => child !== undefined && child !== ''));
  return made;
}

/** Fills the panel; `showType(name, field?)` opens a type in it, `speak` follows the page's language. */
export function openSchemaPanel(panel) {
  let schema;
  const search = element('input', { type: 'search', oninput: () => find(search.value.trim().toLowerCase()) });
  const content = element('div', {});
  panel.append(search, content);

  const linkTo = (type) =>
    element(
      'button',
      { type: 'button', onclick: () => showType(getNamedType(type).name) },
      type.toString?.() ?? type.name,
    );
  const described = (term, description) =>
    [term, description && element('p', {}, description)].filter(Boolean);

  function fieldItem(field, isChosen) {
    const given = field.args?.flatMap((arg, index) => [
      index === 0 ? '(' : ', ',
      `${arg.name}: `,
      linkTo(arg.type),
    ]);
    const head = element('div', {}, element('strong', {}, field.name), ...(given ?? []));
    if (given?.length > 0) head.append(')');
    if (field.type) head.append(': ', linkTo(field.type));
    const item = element('li', {}, ...described(head, field.description));
    if (isChosen) item.ariaCurrent = 'true';
    return item;
  }

  function membersOf(type) {
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
      return Object.values(type.getFields());
    return isEnumType(type) ? type.getValues() : [];
  }

  function showType(name, field) {
    const type = schema?.getType(name);
    if (!type) return showRoots();
    const members = membersOf(type).map((member) => fieldItem(member, member.name === field));
    const possible =
      isUnionType(type) || isInterfaceType(type)
        ? schema.getPossibleTypes(type).map((one) => element('li', {}, linkTo(one)))
        : [];
    content.replaceChildren(
      element('p', {}, ...roots().map(linkTo)),
      element('h2', {}, name),
      element('p', {}, type.description ?? ''),
      element('ul', {}, ...members, ...possible),
    );
    content.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }

  const roots = () =>
    [schema?.getQueryType(), schema?.getMutationType(), schema?.getSubscriptionType()].filter(Boolean);

  function showRoots() {
    const [first] = roots();
    if (first) showType(first.name);
    else content.replaceChildren(element('p', {}, say('signInForSchema')));
  }

  function find(text) {
    if (text === '' || !schema) return showRoots();
    const all = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    const types = all.filter(({ name }) => name.toLowerCase().includes(text));
    const fields = all.flatMap((type) =>
      membersOf(type)
        .filter(({ name }) => name.toLowerCase().includes(text))
        .map((field) => [type, field]),
    );
    const found = [
      ...types.map((type) => element('li', {}, linkTo(type))),
      ...fields.map(([type, { name }]) =>
        element(
          'li',
          {},
          element(
            'button',
            { type: 'button', onclick: () => showType(type.name, name) },
            `${type.name}.${name}`,
          ),
        ),
      ),
    ].slice(0, mostFound);
    content.replaceChildren(
      found.length > 0 ? element('ul', {}, ...found) : element('p', {}, say('notFound')),
    );
  }

  function speak() {
    search.placeholder = search.ariaLabel = say('search');
    if (!schema) showRoots();
  }

  speak();
  return {
    showType,
    speak,
    setSchema: (known) => {
      schema = known;
      showRoots();
    },
  };
}
