// Signs in with the code flow and PKCE (RFC 7636). The token lives in this tab's session storage, so that closing the tab
// signs out.
const clientId = 'explorer';
const resource = 'urn:offenes-amt:graphql';
const redirectUri = `${location.origin}/explorer`;
export const store = sessionStorage;

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Leaves for the sign-in page; says why not where the browser cannot. */
export async function beginSignIn(say) {
  if (!crypto.subtle) {
    say(
      'Bitte die Seite über http://localhost öffnen: nur dort gibt der Browser die nötigen Schlüssel frei.',
    );
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
export async function finishSignIn() {
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
