// The audits of GraphQL over HTTP, against the service at the URL given. Prints what is not in order; the last line counts.
import { auditServer } from 'graphql-http';

const [, , url, token] = process.argv;
const fetchFn = (url, init = {}) =>
  fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } });
const results = await auditServer({ url, fetchFn });
let passed = 0;
for (const result of results) {
  if (result.status === 'ok') {
    passed += 1;
  } else {
    console.log(`${result.status}: ${result.id} ${result.name}: ${result.reason}`);
  }
}
console.log(`${passed} of ${results.length}`);
