// The identity broker of the tests: somebody else's OpenID provider, with our ladder of levels.
//
// Reads one JSON object from its arguments: {"clients": [client metadata of oidc-provider, …]}, and
// "port" and "keys" of an earlier start, to be the same provider again.
// Prints {"issuer", "keys"} when it answers, then a line for each fault of its own. Ends with its
// input.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { interactionPolicy } from 'oidc-provider';

const ACRS = ['urn:gba:acr:2', 'urn:gba:acr:3', 'urn:gba:acr:4'];
const PEOPLE = {
  chan: {
    name: '陳大文', birthdate: '1958-03-01', gender: 'male', email: 'chan@example.com',
    phone_number: '+85291234567', phone_number_verified: true,
    document_type: 'hkid', document_number: 'A123456(3)', // the check digit is right
  },
  wong: { name: 'Wong Siu Ming', birthdate: '1990-12-31' },
  li: {
    name: '李小红', birthdate: '2001-07-09', phone_number: '+8613800138000',
    phone_number_verified: false,
  },
};

const { clients, port = 0, keys: kept } = JSON.parse(process.argv[2]);
const server = createServer((req, res) => app(req, res));
await new Promise((ready) => server.listen(port, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const keys = kept ?? await Promise.all([['RS256', 'rsa'], ['PS256', 'pss'], ['ES256', 'ec']].map(async ([alg, kid]) => {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...await exportJWK(privateKey), alg, kid, use: 'sig' };
}));

// A login stands for as long as the session at the broker; a higher level asks for a new one.
const policy = interactionPolicy.base();
policy.get('login').checks.add(new interactionPolicy.Check(
  'acr_too_low', 'a higher level is needed',
  ({ oidc }) => {
    const asked = (oidc.params.acr_values ?? '').split(' ').filter((acr) => ACRS.includes(acr));
    const has = ACRS.indexOf(oidc.session.acr);
    return !oidc.result?.login && asked.length && asked.every((acr) => ACRS.indexOf(acr) > has);
  },
));
policy.remove('consent');

const provider = new Provider(issuer, {
  acrValues: ACRS,
  claims: {
    openid: ['sub'], profile: ['name', 'birthdate', 'gender'],
    phone: ['phone_number', 'phone_number_verified'], email: ['email'],
    document: ['document_type', 'document_number'],
    acr: null, amr: null, auth_time: null, sid: null,
  },
  clients: clients.map((client) => ({
    require_auth_time: true, grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'], subject_type: 'pairwise', ...client,
  })),
  cookies: { keys: ['only-for-tests'] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
  },
  // without the guard that keeps logout tokens from loopback addresses
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
  findAccount: (ctx, id) => PEOPLE[id] && {
    accountId: id, claims: (use, scope) => ({ sub: id, ...PEOPLE[id] }),
  },
  interactions: { policy, url: (ctx, { uid }) => `/login/${uid}` },
  issueRefreshToken: () => true,
  jwks: { keys },
  // the tests are told who may see what by the scope alone
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile phone email document');
    await grant.save();
    return grant;
  },
  pairwiseIdentifier: (ctx, id, { sectorIdentifier }) => createHash('sha256')
    .update(`${sectorIdentifier} ${id}`).digest('hex'),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  scopes: ['openid', 'document'],
  subjectTypes: ['pairwise'],
  ttl: { AccessToken: 300, IdToken: 300, Interaction: 300, Session: 3600, Grant: 3600, RefreshToken: 3600 },
});
for (const event of ['server_error', 'backchannel.error']) {
  provider.on(event, (...args) => {
    const error = String(args.find((arg) => arg instanceof Error));
    console.log(JSON.stringify({ event, error }));
  });
}

const page = (uid, acr) => `<!doctype html><html lang="en"><title>Test provider</title>
<h1>Test identity provider</h1>
<form method="post" action="/login/${uid}">
<fieldset><legend>Level</legend>${ACRS.map((value) => `
<label><input type="radio" name="acr" value="${value}"${value === acr ? ' checked' : ''}>${value}</label>`).join('')}
</fieldset>${Object.entries(PEOPLE).map(([id, { name }]) => `
<p><button name="person" value="${id}">${name}</button></p>`).join('')}
<p><button name="person" value="">Cancel</button></p>
</form></html>`;

async function login(req, res) {
  const { uid, params } = await provider.interactionDetails(req, res);
  if (req.method !== 'POST') {
    const asked = (params.acr_values ?? '').split(' ').find((acr) => ACRS.includes(acr)) ?? ACRS[0];
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page(uid, asked));
    return;
  }
  let body = '';
  for await (const chunk of req) body += chunk;
  const form = new URLSearchParams(body);
  const person = form.get('person');
  await provider.interactionFinished(req, res, person
    ? { login: { accountId: person, acr: form.get('acr') ?? ACRS[0], amr: ['test'] } }
    : { error: 'access_denied', error_description: 'cancelled' });
}

const callback = provider.callback();
function app(req, res) {
  if (!req.url.startsWith('/login/')) {
    callback(req, res);
    return;
  }
  login(req, res).catch((error) => res.writeHead(400).end(String(error)));
}

process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ issuer, keys }));
