// The exchange's local doors, as functions.

export class Refused extends Error {}

async function ask(path, options = {}) {
  const reply = await fetch(path, options);
  const said = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Refused(said.message || said.error || `${reply.status}`);
  return said;
}

function post(path, body = {}) {
  return ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

const phone = (number) => `/local/phones/${encodeURIComponent(number)}`;
const call = (sid) => `/local/calls/${encodeURIComponent(sid)}`;

export const about = () => ask("/local/about");
export const look = (number) => ask(phone(number));
export const dial = (number, to, withheld, sound) => post(`${phone(number)}/dial`, { to, withheld, sound });
export const openSound = (sid, sdp) => post(`${call(sid)}/sound`, { sdp });
export const press = (sid, keys) => post(`${call(sid)}/keys`, { keys });
export const speak = (sid, seconds) => post(`${call(sid)}/speak`, { seconds });
export const hangUp = (sid) => post(`${call(sid)}/hangup`);
export const answer = (sid) => post(`${call(sid)}/answer`);
export const reject = (sid) => post(`${call(sid)}/reject`);
export const listen = (sid, after, wait, signal) => ask(`${call(sid)}?after=${after}&wait=${wait}`, { signal });
export const sayUrl = (text, language) =>
  `/local/say?text=${encodeURIComponent(text)}&language=${encodeURIComponent(language)}`;
