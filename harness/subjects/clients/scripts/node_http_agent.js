'use strict';
// Node's http module: requests one after the other on one agent, and then nothing, with the agent alive, until killed.

const http = require('http');
const { parseArgs } = require('util');

const { values: asked, positionals: [url] } = parseArgs({
  allowPositionals: true,
  options: {
    requests: { type: 'string', default: '1' },
    gap: { type: 'string', default: '0' }, // seconds from a response to the next request
    method: { type: 'string', default: 'GET' },
    'idle-timeout': { type: 'string' }, // seconds or never; absent: Node's own
    'last-says-close': { type: 'boolean', default: false },
  },
});

function agent() {
  const told = asked['idle-timeout'];
  if (told === 'never') return new http.Agent({ keepAlive: true });
  if (told !== undefined) return new http.Agent({ keepAlive: true, timeout: Number(told) * 1000 });
  // Before Node 19 the global agent kept nothing alive; whoever wanted that wrote the second.
  return http.globalAgent.keepAlive ? http.globalAgent : new http.Agent({ keepAlive: true });
}

function request(pool, headers) {
  return new Promise((resolve, reject) => {
    http
      .request(url, { agent: pool, method: asked.method, headers }, (response) => {
        response.on('end', resolve).on('error', reject).resume();
      })
      .on('error', reject)
      .end();
  });
}

async function main() {
  const pool = agent();
  const count = Number(asked.requests);
  for (let number = 1; number <= count; ++number) {
    if (number > 1) await new Promise((resolve) => setTimeout(resolve, Number(asked.gap) * 1000));
    const last = number === count && asked['last-says-close'];
    await request(pool, last ? { Connection: 'close' } : {}).catch((failed) => console.error(String(failed)));
  }
}

setInterval(() => {}, 2 ** 31 - 1); // an idle pool alone does not keep the process
main();
