// Signs in by way of a certified OpenID Connect provider: `node openid.mjs PORT SERVICE ORGANISATION`.
//
// Starts the provider at PORT, then goes the way of a browser through the service, the provider's own pages and back, once for each
// account, and prints what came of it, a line of JSON each.
import { Provider } from 'oidc-provider';

const [, , port, service, organisation] = process.argv;
const issuer = `http://127.0.0.1:${port}`;
const accounts = {
  ada: { email: 'office@lagrange.example', email_verified: true },
  unverified: { email: 'office@lagrange.example', email_verified: false },
  stranger: { email: 'stranger@lagrange.example', email_verified: true },
  nameless: {},
};

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'soticket',
      client_secret: 'a-secret-of-the-tests',
      redirect_uris: [`${service}/session/openid/back`],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'] },
  conformIdTokenClaims: false,
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...accounts[id] }) }),
});
const server = provider.listen(Number(port), '127.0.0.1');

// A browser: keeps cookies by host, follows redirects by hand.
class Browser {
  cookies = new Map();

  async go(url, init = {}) {
    const { origin } = new URL(url);
    const jar = this.cookies.get(origin) ?? new Map();
    this.cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      jar.set(name, value);
    }
    return answer;
  }

  async follow(answer, url) {
    let [at, here] = [answer, url];
    while (at.status >= 300 && at.status < 400) {
      here = new URL(at.headers.get('location'), here).href;
      at = await this.go(here);
    }
    return [at, here];
  }

  // Fills in the provider's form.
  async submit(page, url, fields) {
    const action = (await page.text()).match(/action="([^"]+)"/)[1];
    const body = new URLSearchParams(fields);
    const target = new URL(action, url).href;
    return this.follow(await this.go(target, { method: 'POST', body }), target);
  }
}

async function signIn(account, tamper = (url) => url) {
  const browser = new Browser();
  const begin = `${service}/session/openid?organisation=${organisation}`;
  let [page, url] = await browser.follow(await browser.go(begin), begin);
  [page, url] = await browser.submit(page, url, { prompt: 'login', login: account, password: 'x' });
  // The provider asks for consent and then sends the browser back.
  const action = (await page.text()).match(/action="([^"]+)"/)[1];
  const target = new URL(action, url).href;
  let answer = await browser.go(target, { method: 'POST', body: new URLSearchParams({ prompt: 'consent' }) });
  let here = target;
  while (answer.status >= 300 && answer.status < 400) {
    here = new URL(answer.headers.get('location'), here).href;
    const back = here.startsWith(`${service}/session/openid/back`);
    answer = await browser.go(back ? tamper(here, browser) : here);
    if (back) {
      const own = { headers: { 'sec-fetch-site': 'same-origin' } };
      const who = await browser.go(`${service}/session`, own);
      const told = who.status === 200 ? await who.json() : who.status;
      const repeated = await browser.go(here);
      return { account, status: answer.status, who: told, repeated: repeated.status };
    }
  }
  throw new Error(`the browser ended at ${here}: ${answer.status}`);
}

const print = (value) => console.log(JSON.stringify(value));
for (const account of Object.keys(accounts)) {
  print(await signIn(account));
}
// A state of others: the right one is left to come, and is good.
print(await signIn('ada', (url) => url.replace(/state=[^&]+/, 'state=other')));
// Another browser: the way is used up.
print(
  await signIn('ada', (url, browser) => {
    browser.cookies.get(service).set('soticket-openid', 'other');
    return url;
  }),
);
server.close();
process.exit(0);
