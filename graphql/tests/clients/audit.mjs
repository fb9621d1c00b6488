// The audits of GraphQL over HTTP, against the service at the URL given. Prints what is not in order; the last line counts.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
let passed = 0;
for (const result of results) {
  if (result.status === 'ok') {
    passed += 1;
  } else {
    console.log(`${result.status}: ${result.id} ${result.name}: ${result.reason}`);
  }
}
console.log(`${passed} of ${results.length}`);
