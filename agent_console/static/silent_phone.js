// The line of a call without its sound, by HTTP with the local telephone network: calls work while voice is not allowed.

import { callState } from "./call_state.js";
import { NoVoice } from "./no_voice.js";

const WAIT_S = 20;
const OVER = new Set(["completed", "failed", "busy", "no-answer", "canceled"]);

export async function connectSilently(askToken, ticket) {
  const pass = await askToken();
  if (!pass.url) throw new NoVoice("there is no local telephone network");
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
  const call = callState();
  let pass = firstPass;

  async function follow() {
    let after = 0;
    let missed = 0;
    while (call.state !== "closed" && missed < 5) {
      try {
        const seen = await (await speak(pass, `/local/clients/calls/${sid}?after=${after}&wait=${WAIT_S}`)).json();
        missed = 0;
        after = seen.next ?? after;
        if (OVER.has(seen.status)) call.become("closed");
        else if (seen.status === "in-progress") call.become("open");
      } catch {
        missed += 1;
        await new Promise((done) => setTimeout(done, 500 * missed));
        pass = await askToken().catch(() => pass);
      }
    }
    call.become("closed");
  }

  follow();
  return Object.assign(call, {
    // No sound passes, so there is nothing to mute.
    mute: null,
    microphone: () => null,
    onLevel() {},
    async hangUp() {
      call.become("closed");
      await speak(pass, `/local/clients/calls/${sid}/hangup`, {}).catch(() => undefined);
    },
  });
}
