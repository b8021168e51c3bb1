// The voice of the desk behind one small interface. Another maker of calls has to offer the same three things:
//
//   const phone = softphone(askToken);        askToken() -> {token, url}
//   const call = await phone.connect(ticket); rings our application with the one-use ticket
//   call.hangUp()                             leaves the conversation
//   call.onState(listener)                    listener("connecting" | "open" | "closed")
//
// This one speaks HTTP to the local telephone network.

const WAIT_S = 20;
const OVER = new Set(["completed", "failed", "busy", "no-answer", "canceled"]);

export class NoVoice extends Error {}

export function softphone(askToken) {
  return { connect: (ticket) => connect(askToken, ticket) };
}

async function connect(askToken, ticket) {
  const pass = await askToken();
  const answer = await speak(pass, "/local/clients/connect", { params: { ticket } });
  return followed(askToken, pass, (await answer.json()).call_sid);
}

async function speak(pass, path, data) {
  const options = { method: data ? "POST" : "GET", headers: { Authorization: `Bearer ${pass.token}` } };
  if (data) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(data);
  }
  let answer;
  try {
    answer = await fetch(`${pass.url}${path}`, options);
  } catch {
    throw new NoVoice("the telephone network does not answer");
  }
  if (!answer.ok) throw new NoVoice(`the telephone network answered ${answer.status}`);
  return answer;
}

function followed(askToken, firstPass, sid) {
  const listeners = new Set();
  let state = "connecting";
  let pass = firstPass;

  function become(next) {
    if (state === next || state === "closed") return;
    state = next;
    listeners.forEach((listener) => listener(state));
  }

  async function follow() {
    let after = 0;
    let missed = 0;
    while (state !== "closed" && missed < 5) {
      try {
        const seen = await (await speak(pass, `/local/clients/calls/${sid}?after=${after}&wait=${WAIT_S}`)).json();
        missed = 0;
        after = seen.next ?? after;
        if (OVER.has(seen.status)) become("closed");
        else if (seen.status === "in-progress") become("open");
      } catch {
        missed += 1;
        await new Promise((done) => setTimeout(done, 500 * missed));
        pass = await askToken().catch(() => pass);
      }
    }
    become("closed");
  }

  follow();
  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      listener(state);
    },
    async hangUp() {
      become("closed");
      await speak(pass, `/local/clients/calls/${sid}/hangup`, {}).catch(() => undefined);
    },
  };
}
