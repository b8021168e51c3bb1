// What an ear at the phone hears: prompts one after the other, key tones, and the ring.

const KEYS = "123456789*0#";
const LOW = [697, 770, 852, 941];
const HIGH = [1209, 1336, 1477];

let context = null;
let on = localStorage.getItem("sound") !== "off";

export const isOn = () => on;

export function turn(now) {
  on = now;
  localStorage.setItem("sound", now ? "on" : "off");
}

export class Earpiece {
  constructor(onSilent) {
    this.waiting = [];
    this.audio = null;
    this.onSilent = onSilent;
  }

  play(url) {
    this.waiting.push(url);
    if (!this.audio) this.next();
  }

  next() {
    const url = this.waiting.shift();
    if (!url) {
      this.audio = null;
      return;
    }
    const audio = new Audio(url);
    const go = () => this.audio === audio && this.next();
    this.audio = audio;
    audio.muted = !on;
    audio.onended = go;
    audio.onerror = () => {
      this.onSilent();
      go();
    };
    audio.play().catch((error) => {
      if (error.name === "NotAllowedError") go(); // the browser wants a click first
    });
  }

  mute() {
    if (this.audio) this.audio.muted = !on;
  }

  stop() {
    this.waiting = [];
    if (this.audio) this.audio.pause();
    this.audio = null;
  }
}

export function keyTone(key) {
  const at = KEYS.indexOf(key);
  if (at >= 0) tones([LOW[Math.floor(at / 3)], HIGH[at % 3]], 0, 0.12, 0.06);
}

export const beep = () => tones([1000], 0, 0.4, 0.1);

// The Indian ring: twice 0.4 seconds, then a pause. Call it every three seconds.
export function ring() {
  tones([400, 425], 0, 0.4, 0.08);
  tones([400, 425], 0.6, 0.4, 0.08);
}

function tones(frequencies, after, seconds, loudness) {
  if (!on) return;
  context ??= new AudioContext();
  const start = context.currentTime + after;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + 0.01);
  gain.gain.setValueAtTime(loudness, start + seconds - 0.02);
  gain.gain.linearRampToValueAtTime(0, start + seconds);
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(start);
    tone.stop(start + seconds);
  }
}
