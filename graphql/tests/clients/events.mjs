// Follows events with a reference client: `node events.mjs ws|sse URL TOKEN ORGANISATION AFTER COUNT [CUT_EVERY]`.
//
// Prints the positions that it was sent, one a line. With CUT_EVERY it drops the connection after so many and resumes from the
// last position that it has. Then it asks one query, has one document refused, and prints what came of it.
import { createClient as createSocketClient } from 'graphql-ws';
import { createClient as createEventClient } from 'graphql-sse';
import WebSocket from 'ws';

const [, , transport, url, token, organisation, after, count, cutEvery] = process.argv;
const query = `subscription ($o: ID!, $a: LogPosition) {
  events(organisation: $o, afterPosition: $a) { position event { kind } }
}`;

const authorization = `Bearer ${token}`;

function open() {
  if (transport === 'sse') {
    return createEventClient({ url, retryAttempts: 0, headers: { authorization } });
  }
  return createSocketClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization },
  });
}

let client = open();
let position = after;
let left = Number(count);
while (left > 0) {
  const batch = cutEvery === undefined ? left : Math.min(left, Number(cutEvery));
  let got = 0;
  for await (const answer of client.iterate({ query, variables: { o: organisation, a: position } })) {
    if (answer.errors) {
      throw new Error(JSON.stringify(answer.errors));
    }
    position = answer.data.events.position;
    console.log(position);
    got += 1;
    if (got === batch) {
      break;
    }
  }
  left -= got;
  if (got < batch) {
    throw new Error('the service ended the subscription');
  }
  client.dispose();
  client = open();
}

for await (const answer of client.iterate({ query: '{ __typename }' })) {
  console.log(JSON.stringify(answer.data));
}
try {
  for await (const answer of client.iterate({ query: '{ nosuch }' })) {
    console.log(answer.errors[0].extensions.code);
  }
} catch (errors) {
  console.log(errors[0].extensions.code);
}
client.dispose();
