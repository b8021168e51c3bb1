// The state of one call for whoever listens: "connecting", then "open", then "closed", which is the end.

export function callState() {
  const listeners = new Set();
  let state = "connecting";
  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      listener(state);
    },
    become(next) {
      if (state === next || state === "closed") return;
      state = next;
      listeners.forEach((listener) => listener(state));
    },
  };
}
