// node server.js --port=8080 [--keep-alive-timeout=MS] [--max-requests=N]
// Serves page.html at every path. Whatever is not told stays Node's own default.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');

const told = Object.fromEntries(process.argv.slice(2).map((one) => one.replace(/^--/, '').split('=')));
const page = fs.readFileSync(path.join(__dirname, 'page.html'));
const server = http.createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Length': page.length });
  response.end(request.method === 'HEAD' ? undefined : page);
});
if ('keep-alive-timeout' in told) server.keepAliveTimeout = Number(told['keep-alive-timeout']);
if ('max-requests' in told) server.maxRequestsPerSocket = Number(told['max-requests']);
server.listen(Number(told.port), '0.0.0.0');
