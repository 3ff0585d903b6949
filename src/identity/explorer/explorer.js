// Signs in with the code flow and PKCE (RFC 7636) and shows GraphiQL with ready-made operations. The token lives in
// this tab's session storage, so that closing the tab signs out.
/* global React, ReactDOM, GraphiQL */
const clientId = 'explorer';
const resource = 'urn:offenes-amt:graphql';
const redirectUri = `${location.origin}/explorer`;
const store = sessionStorage;
const byId = (id) => document.getElementById(id);

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function beginSignIn() {
  if (!crypto.subtle) {
    byId('person').textContent =
      'Bitte die Seite über http://localhost öffnen: nur dort gibt der Browser die nötigen Schlüssel frei.';
    return;
  }
  const [verifier, state] = [randomText(), randomText()];
  store.setItem('verifier', verifier);
  store.setItem('state', state);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid api',
    prompt: 'login',
    redirect_uri: redirectUri,
    resource,
    state,
    code_challenge: base64url(digest),
    code_challenge_method: 'S256',
  });
  location.assign(`/oidc/auth?${query}`);
}

/** Redeems the code that the provider sent us back with; tells whether somebody has just signed in. */
async function finishSignIn() {
  const answer = new URLSearchParams(location.search);
  const code = answer.get('code');
  if (!code) return false;
  history.replaceState(null, '', '/explorer');
  if (answer.get('state') !== store.getItem('state')) return false;
  const response = await fetch('/oidc/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code,
      code_verifier: store.getItem('verifier'),
    }),
  });
  const { access_token: token } = await response.json();
  if (token) store.setItem('token', token);
  store.removeItem('verifier');
  store.removeItem('state');
  return Boolean(token);
}

/** A link in a mail names a process; it stays the example through a sign-in. */
function rememberLink() {
  const linked = new URLSearchParams(location.search).get('process');
  if (linked) store.setItem('process', linked);
}

const automatic = 'auto';

/** A UUIDv7 (RFC 9562): every command sent from here has an id of its own, unless somebody types one. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(
    0,
    (BigInt(Date.now()) << 16n) | BigInt((bytes[6] << 8) | bytes[7]),
  );
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function ask({ variables = {}, ...body }) {
  const token = store.getItem('token');
  if (!token)
    return {
      errors: [{ message: 'Bitte zuerst anmelden (oben rechts). / Please sign in first (top right).' }],
    };
  const filled = variables?.commandId === automatic ? { ...variables, commandId: newId() } : variables;
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': byId('language').value,
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ ...body, variables: filled }),
  });
  return response.json();
}

/** Values for the variables of ready-made operations: what lies nearest to the person who signed in. */
async function examples() {
  const see = async (query, variables) => (await ask({ query, variables })).data ?? {};
  const [{ rounds = [] }, { myOpenWork: work = [] }, { openingProcesses }, { administration }] =
    await Promise.all([
      see('{ rounds { id phase } }'),
      see('{ myOpenWork { criteria { id } openingProcess { id } } }'),
      see('{ openingProcesses(first: 1) { nodes { id } } }'),
      see('{ administration { top { id } } }'),
    ]);
  const toRate = work.find(({ criteria }) => criteria.length > 0);
  const processId =
    store.getItem('process') ?? (toRate ?? work[0])?.openingProcess.id ?? openingProcesses?.nodes[0]?.id;
  const asked = 'query ($id: ID!) { openingProcess(id: $id) { edition { criteria { id } } } }';
  const { openingProcess } = toRate || !processId ? {} : await see(asked, { id: processId });
  return {
    commandId: automatic,
    roundId: (rounds.find(({ phase }) => phase === 'RUNNING') ?? rounds[0])?.id,
    processId,
    criterionId: (toRate ?? openingProcess?.edition)?.criteria[0].id,
    unitId: administration?.top?.id,
  };
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

async function showPerson() {
  const signedIn = store.getItem('token') !== null;
  const { data, errors } = signedIn
    ? await ask({ query: '{ me { person { displayName } functions } }' })
    : {};
  byId('person').textContent = data?.me.person.displayName ?? errors?.[0]?.message ?? 'Nicht angemeldet';
  byId('sign-in').textContent = data ? 'Person wechseln' : 'Anmelden';
  return roleOf(data?.me.functions ?? []);
}

/** GraphiQL forgets its tabs with the page: the ready-made operations are always there again. */
function forgetful() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    clear: () => kept.clear(),
    get length() {
      return kept.size;
    },
  };
}

function showExplorer(root, operations, values) {
  const role = byId('role').value;
  const tabs = operations
    .filter((operation) => operation.role === role)
    .map(({ query }) => tabOf(query, values));
  root.render(
    React.createElement(GraphiQL, {
      key: `${role} ${byId('language').value} ${store.getItem('token')}`,
      fetcher: ask,
      storage: forgetful(),
      defaultTabs: tabs,
      variables: tabs[0].variables, // GraphiQL takes only the query of the first tab from `defaultTabs`
      defaultEditorToolsVisibility: 'variables',
      shouldPersistHeaders: false,
      isHeadersEditorEnabled: false,
      defaultTheme: 'light',
    }),
  );
}

function tabOf(query, values) {
  const names = [...query.matchAll(/\$(\w+):/g)].map(([, name]) => name);
  const known = Object.fromEntries(names.filter((name) => values[name]).map((name) => [name, values[name]]));
  return { query, variables: JSON.stringify(known, null, 2) };
}

rememberLink();
const arrived = await finishSignIn();
const operations = await (await fetch('/explorer/operations.json')).json();
const root = ReactDOM.createRoot(byId('explorer'));
const fittingRole = await showPerson();
const values = await examples();
if (arrived && fittingRole) store.setItem('role', fittingRole);
for (const id of ['role', 'language']) {
  byId(id).value = store.getItem(id) ?? byId(id).value;
  byId(id).addEventListener('change', () => {
    store.setItem(id, byId(id).value);
    showExplorer(root, operations, values);
  });
}
byId('sign-in').addEventListener('click', beginSignIn);
showExplorer(root, operations, values);
