// One line to the telephone network with Twilio's Voice library: it registers, keeps its pass fresh, and tells how it is.

import { callState } from "./call_state.js";
import { chosen, openMicrophone } from "./headset.js";
import { NoVoice } from "./no_voice.js";
import { onMicrophone, showCall, showLine } from "./voice_bar.js";

const UP_WITHIN = 6000; // milliseconds until a call goes without sound
const AGAIN_AFTER = 4000;
const RENEW_BEFORE = 60000;
const REFUSED_TOKENS = new Set([20101, 20104, 31204, 31205, 31207]);
const SOUNDS = ["incoming", "outgoing", "disconnect", "dtmfs", "dtmfh", ...Array.from("0123456789", (key) => `dtmf${key}`)];

let library = null;

function loadLibrary() {
  library ||= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.voiceLibrary;
    script.onload = () => done(window.Twilio.Device);
    script.onerror = () => {
      library = null; // the next try fetches it anew
      script.remove();
      fail(new NoVoice("the voice library cannot be loaded"));
    };
    document.head.append(script);
  });
  return library;
}

export class VoiceLine {
  constructor(askToken) {
    this.askToken = askToken;
    this.device = null;
    this.wanted = false;
    this.state = "closed"; // opening, up, down, or silent: there is no sound to be had
    this.waiting = new Set();
    this.timer = 0; // of the next try
    this.patience = 0; // of the first registration
    document.addEventListener("speaker", () => this.state === "up" && this.useHeadset());
  }

  open() {
    if (this.wanted) return;
    this.wanted = true;
    this.begin();
  }

  close() {
    this.wanted = false;
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.drop();
    this.become("closed");
  }

  drop() {
    this.device?.destroy();
    this.device = null;
  }

  // True once calls can have sound; false as soon as it is known that they cannot, or after a while.
  isUp() {
    if (this.state !== "opening") return Promise.resolve(this.state === "up");
    return new Promise((done) => {
      this.waiting.add(done);
      setTimeout(() => this.answer(done), UP_WITHIN);
    });
  }

  answer(done) {
    if (this.waiting.delete(done)) done(this.state === "up");
  }

  become(state, bar = "") {
    this.state = state;
    showLine(bar, this.pass?.voice);
    if (state !== "opening") for (const done of [...this.waiting]) this.answer(done);
  }

  async begin() {
    if (this.state !== "down") this.become("opening");
    try {
      this.pass = await this.askToken();
      if (!this.pass.voice && this.pass.url) return this.become("silent");
      if (this.pass.voice && !(await this.isAllowed())) return;
      await this.register(await loadLibrary());
    } catch {
      this.drop();
      this.become("down", "offline");
      this.later(() => this.begin());
    }
  }

  later(act) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wanted && act(), AGAIN_AFTER);
  }

  // The local network's certificate is signed by itself: each browser has to be told once to trust it.
  async isAllowed() {
    const about = await (await fetch(`${this.pass.url}/local/about`)).json();
    if (!about.voice) {
      this.become("silent", "unavailable");
      return false;
    }
    try {
      await fetch(`https://${this.pass.voice}/local/about`);
      return true;
    } catch {
      this.become("down", "not_allowed");
      this.later(async () => (await this.isAllowed().catch(() => true)) && this.begin());
      return false;
    }
  }

  async register(Device) {
    if (!this.wanted || this.device) return;
    const here = this.pass.voice ? { chunderw: this.pass.voice } : {};
    const device = new Device(this.pass.token, {
      ...here,
      appName: "helpline",
      // Nothing about our callers goes anywhere but through the line itself.
      publishEvents: false,
      logLevel: "silent",
      tokenRefreshMs: RENEW_BEFORE,
      maxCallSignalingTimeoutMs: 8000,
      // Sounds of another host would be refused, and the wait for them delays a call.
      sounds: Object.fromEntries(SOUNDS.map((name) => [name, document.body.dataset.voiceSound])),
      getUserMedia: (constraints) => openMicrophone(constraints, onMicrophone),
    });
    this.device = device;
    this.patience = setTimeout(() => this.device === device && this.state === "opening" && this.become("down", "offline"), UP_WITHIN);
    device.on("registered", () => this.become("up"));
    device.on("unregistered", () => this.device === device && this.become("down", "offline"));
    device.on("tokenWillExpire", () => this.renew());
    // Not at once: a network that refuses the new pass too would be asked without a pause.
    device.on("error", (error) => REFUSED_TOKENS.has(error.code) && this.later(() => this.renew()));
    // Calls come by our own offers only.
    device.on("incoming", (call) => call.ignore());
    device.audio.incoming(false);
    device.audio.outgoing(false);
    await device.register();
    await this.useHeadset();
  }

  async renew() {
    try {
      this.pass = await this.askToken();
      this.device?.updateToken(this.pass.token);
      if (this.device?.state === "unregistered") await this.device.register();
    } catch {
      this.later(() => this.renew());
    }
  }

  // The microphone comes with each call, by openMicrophone.
  async useHeadset() {
    const { speaker } = chosen();
    if (speaker && this.device.audio.isOutputSelectionSupported) {
      await this.device.audio.speakerDevices.set(speaker).catch(() => undefined);
    }
  }

  async connect(ticket) {
    await this.useHeadset();
    const call = await this.device.connect({ params: { ticket } }).catch((error) => {
      throw new NoVoice(error.message);
    });
    return followed(call);
  }
}

function followed(call) {
  const line = callState();

  function become(next) {
    line.become(next);
    if (next === "closed") showCall(true);
  }

  call.on("accept", () => become("open"));
  for (const over of ["disconnect", "cancel", "reject"]) call.on(over, () => become("closed"));
  call.on("error", () => call.status() === "closed" && become("closed"));
  call.on("reconnecting", () => showCall(false));
  call.on("reconnected", () => showCall(true));
  // It may have ended before anybody could listen.
  if (call.status() === "closed") become("closed");
  return Object.assign(line, {
    onLevel(listener) {
      call.on("volume", (input) => listener(call.isMuted() ? 0 : input));
    },
    mute: (on) => call.mute(on),
    microphone: () => ({ leg: call.parameters.CallSid, muted: call.isMuted() }),
    async hangUp() {
      become("closed");
      call.disconnect();
    },
  });
}
