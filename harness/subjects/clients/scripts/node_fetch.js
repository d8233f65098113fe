'use strict';
// Node's fetch, which is undici: requests one after the other, and then nothing, with the pool alive, until killed.

const { parseArgs } = require('util');

const { values: asked, positionals: [url] } = parseArgs({
  allowPositionals: true,
  options: {
    requests: { type: 'string', default: '1' },
    gap: { type: 'string', default: '0' }, // seconds from a response to the next request
    method: { type: 'string', default: 'GET' },
    'idle-timeout': { type: 'string' }, // seconds; absent: undici's own
    'last-says-close': { type: 'boolean', default: false },
  },
});

// The copy of undici inside Node cannot be required; its class is that of the dispatcher it registers when loaded.
function dispatcher() {
  if (asked['idle-timeout'] === undefined) return undefined;
  new Headers(); // loads it
  const { constructor: Agent } = globalThis[Symbol.for('undici.globalDispatcher.1')];
  return new Agent({ keepAliveTimeout: Number(asked['idle-timeout']) * 1000 });
}

async function main() {
  const options = { method: asked.method };
  const own = dispatcher();
  if (own) options.dispatcher = own;
  const count = Number(asked.requests);
  for (let number = 1; number <= count; ++number) {
    if (number > 1) await new Promise((resolve) => setTimeout(resolve, Number(asked.gap) * 1000));
    if (number === count && asked['last-says-close']) options.headers = { Connection: 'close' };
    try {
      await (await fetch(url, options)).arrayBuffer();
    } catch (failed) {
      console.error(String(failed.cause ?? failed));
    }
  }
}

setInterval(() => {}, 2 ** 31 - 1); // an idle pool alone does not keep the process
main();
