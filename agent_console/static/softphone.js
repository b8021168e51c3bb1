// The voice of a page behind one small interface, the same with Twilio and with the local telephone network:
//
//   const phone = softphone(askToken);        askToken() -> {token, url, voice, seconds}
//   phone.open(); phone.close();              be there for calls, or not
//   const call = await phone.connect(ticket); rings our application with the one-use ticket
//   call.hangUp()                             leaves the conversation
//   call.mute(true)                           closes the microphone; null where no sound passes
//   call.microphone()                         {leg, muted}: the network's name of this line, and what its library says;
//                                             null where no sound passes
//   call.onState(listener)                    listener("connecting" | "open" | "closed")
//   call.onLevel(listener)                    listener(loudness from 0 to 1), while the call lasts
//
// Sound is Twilio's Voice library's affair. The local network can do without: then the call works in silence, and a bar
// says so.

import { connectSilently } from "./silent_phone.js";
import { VoiceLine } from "./voice_line.js";

export { NoVoice } from "./no_voice.js";

export function softphone(askToken) {
  const line = new VoiceLine(askToken);
  return {
    open: () => line.open(),
    close: () => line.close(),
    async connect(ticket) {
      if (await line.isUp()) return line.connect(ticket);
      return connectSilently(askToken, ticket);
    },
  };
}
