// Asks the server as whoever signed in, and finds example values for what the ready-made questions ask for.
import { store } from './sign-in.js';

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

/** Posts one operation; without a sign-in the answer says so. */
export async function ask({ variables = {}, ...body }) {
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
      'accept-language': document.documentElement.lang,
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ ...body, variables: filled }),
  });
  return response.json();
}

/** Values for the variables of ready-made operations: what lies nearest to the person who signed in. */
export async function examples() {
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
