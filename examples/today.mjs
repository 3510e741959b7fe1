#!/usr/bin/env node
// today.mjs URL USERNAME [START [END]], with the password in PASSWORD: how each queue of the person's customer did,
// from START until END (Unix seconds; without them since midnight). URL is the server's, such as
// https://pbx.example.com
// Node 18 or later. Ids over 2^53 need a reader of JSON that keeps them.

const [url, username, start = new Date().setHours(0, 0, 0, 0) / 1000, end = ''] = process.argv.slice(2);

// The data of a function's answer. A POST keeps passwords and tokens out of the URL.
async function ask(name, parameters) {
  const answer = await fetch(`${url}/api/json/${name}/`, {
    method: 'POST',
    body: new URLSearchParams(parameters),
    signal: AbortSignal.timeout(20000),
  });
  const {responses, data} = await answer.json();
  if (answer.ok) return data;
  for (const {key, message} of responses) console.error(key ? `${key}: ${message}` : message);
  process.exit(1);
}

const line = (name, ...cells) =>
  console.log([name.padEnd(24), ...cells.map((cell) => String(cell).padStart(8))].join(' '));

const login = await ask('user/login', {auth_username: username, auth_password: process.env.PASSWORD, token: 1});
const auth_token = login.auth_token;
line('queue', 'calls', 'answered', 'waiting', '% in 20s');
for (const queue of await ask('queues/list', {auth_token})) {
  const figures = await ask('queues/statistics/get', {auth_token, id: queue.id, start, end, service_level: 20});
  line(queue.name, figures.calls, figures.calls_answered, figures.calls_waiting,
    figures.service_levels[0].percent ?? '-');
}
