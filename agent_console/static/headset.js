// Which microphone and which loudspeaker of this machine are used, and how the microphone is opened.

const KEPT = "headset";

export function chosen() {
  return JSON.parse(localStorage.getItem(KEPT) || "{}");
}

export function choose(choice) {
  localStorage.setItem(KEPT, JSON.stringify({ ...chosen(), ...choice }));
}

// The chosen microphone; where it is gone, any; where none may be had, silence, so that the caller is at least heard.
export async function openMicrophone(constraints, tell) {
  const wanted = chosen().microphone;
  const own = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const audio = { ...own, ...(constraints?.audio instanceof Object ? constraints.audio : {}) };
  const tries = wanted ? [{ ...audio, deviceId: { exact: wanted } }, audio] : [audio];
  for (const one of tries) {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: one });
      stream.getAudioTracks()[0].addEventListener("ended", () => tell(false));
      tell(true);
      return stream;
    } catch {
      continue;
    }
  }
  tell(false);
  return new AudioContext().createMediaStreamDestination().stream;
}
