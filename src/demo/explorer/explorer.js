// The explorer page: ready-made questions of each role, editors to change them, the answer, and the schema beside them.
import { buildClientSchema, getIntrospectionQuery, parse } from 'graphql';
import { ask, examples } from './ask.js';
import { openEditors } from './editors.js';
import { openSchemaPanel } from './schema-panel.js';
import { beginSignIn, finishSignIn, store } from './sign-in.js';
import { say, speak } from './words.js';

const byId = (id) => document.getElementById(id);

/** A link in a mail names a process; it stays the example through a sign-in. */
function rememberLink() {
  const linked = new URLSearchParams(location.search).get('process');
  if (linked) store.setItem('process', linked);
}

/** The role whose operations fit a person who holds these functions; what is rarer counts first. */
const roles = [
  ['hr', ['HR']],
  ['centre', ['OPENING_COORD']],
  ['auditor', ['AUDLEAD', 'AUD', 'AUD2']],
  ['leadership', ['LEAD', 'DEZ']],
  ['department-head', ['HEAD']],
];
const roleOf = (functions) => roles.find(([, codes]) => codes.some((code) => functions.includes(code)))?.[0];

async function whoIsThere() {
  if (store.getItem('token') === null) return {};
  const { data, errors } = await ask({ query: '{ me { person { displayName } functions } }' });
  return { name: data?.me.person.displayName, fault: errors?.[0]?.message, functions: data?.me.functions };
}

function showPerson({ name, fault }) {
  byId('person').textContent = name ?? fault ?? say('nobody');
  byId('sign-in').textContent = say(name ? 'signInAsOther' : 'signIn');
}

/** The first two lines of a ready-made question say in German and in English what it is for. */
function titleOf({ query }) {
  const [de, en] = query.split('\n').map((line) => line.replace(/^# */, ''));
  return document.documentElement.lang === 'de' ? de : en;
}

/** Lists the questions of the chosen role; gives the first. */
function showQuestions(operations, onPick) {
  const fitting = operations.filter(({ role }) => role === byId('role').value);
  const buttons = fitting.map((operation) => {
    const button = document.createElement('button');
    button.type = 'button';
    Object.assign(button, { operation, textContent: titleOf(operation) });
    button.addEventListener('click', () => {
      for (const other of buttons) other.ariaCurrent = other === button ? 'true' : null;
      onPick(operation);
    });
    return button;
  });
  byId('questions').replaceChildren(...buttons);
  return buttons[0];
}

/** What a question asks for and is known, as text for the editor. */
function variablesOf(query, values) {
  const names = [...query.matchAll(/\$(\w+):/g)].map(([, name]) => name);
  const known = Object.fromEntries(names.filter((name) => values[name]).map((name) => [name, values[name]]));
  return JSON.stringify(known, null, 2);
}

/** The name of the operation that the cursor stands in, where there are several. */
function operationAt(query, cursor) {
  try {
    const operations = parse(query).definitions.filter(({ kind }) => kind === 'OperationDefinition');
    const meant = operations.findLast(({ loc }) => loc.start <= cursor) ?? operations[0];
    return meant?.name?.value;
  } catch {
    return undefined; // the server says better what is wrong with it
  }
}

async function answerTo(query, variables, cursor) {
  let given;
  try {
    given = JSON.parse(variables.trim() || '{}');
  } catch {
    return say('noJson');
  }
  try {
    const answer = await ask({ query, variables: given, operationName: operationAt(query, cursor) });
    return JSON.stringify(answer, null, 2);
  } catch {
    return say('noAnswer');
  }
}

async function run() {
  byId('run').disabled = true;
  editors.show('answer', say('running'));
  const answer = await answerTo(editors.read('query'), editors.read('variables'), editors.cursor());
  editors.show('answer', answer);
  byId('run').disabled = false;
}

async function loadSchema() {
  const { data } = await ask({ query: getIntrospectionQuery() });
  if (!data) return;
  const schema = buildClientSchema(data);
  editors.completeBy(schema);
  schemaPanel.setSchema(schema);
}

rememberLink();
byId('language').value = store.getItem('language') ?? 'de';
speak(byId('language').value);
const schemaPanel = openSchemaPanel(byId('schema'));
const places = { query: byId('query'), variables: byId('variables'), answer: byId('answer') };
const editors = openEditors(places, { onRun: run, onField: schemaPanel.showType });
byId('run').addEventListener('click', run);
byId('sign-in').addEventListener('click', () => beginSignIn((text) => (byId('person').textContent = text)));

const arrived = await finishSignIn();
const operations = await (await fetch('/explorer/operations.json')).json();
const person = await whoIsThere();
const values = person.name ? await examples() : {};
const fittingRole = roleOf(person.functions ?? []);
if (arrived && fittingRole) store.setItem('role', fittingRole);
byId('role').value = store.getItem('role') ?? byId('role').value;

function pick({ query }) {
  editors.show('query', query);
  editors.show('variables', variablesOf(query, values));
  editors.show('answer', '');
}
byId('role').addEventListener('change', () => {
  store.setItem('role', byId('role').value);
  showQuestions(operations, pick).click();
});
// Another language leaves what somebody is writing as it is.
byId('language').addEventListener('change', () => {
  store.setItem('language', byId('language').value);
  speak(byId('language').value);
  showPerson(person);
  schemaPanel.speak();
  for (const button of byId('questions').children) button.textContent = titleOf(button.operation);
});
showPerson(person);
showQuestions(operations, pick).click();
if (person.name) await loadSchema();
