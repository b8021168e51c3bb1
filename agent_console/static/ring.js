// The ring: a soft double tone, a blinking title, and one announcement for those who listen to the page.

let sound = null;
let beating = 0;
let title = "";

function context() {
  sound ||= new AudioContext();
  return sound;
}

// Browsers keep a page silent until it was touched once.
export function mayRing() {
  return context().state === "running";
}

export async function wakeSound() {
  await context().resume();
}

function tone(from, pitch) {
  const voice = context().createOscillator();
  const volume = context().createGain();
  voice.frequency.value = pitch;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.12, from + 0.03);
  volume.gain.setValueAtTime(0.12, from + 0.3);
  volume.gain.linearRampToValueAtTime(0, from + 0.38);
  voice.connect(volume).connect(context().destination);
  voice.start(from);
  voice.stop(from + 0.4);
}

function beat(words) {
  if (mayRing()) {
    const from = context().currentTime;
    tone(from, 620);
    tone(from + 0.45, 520);
  }
  document.title = document.title === title ? `☎ ${words}` : title;
}

export function ring(words) {
  if (beating) return;
  title = document.title;
  document.getElementById("alarm").textContent = words;
  beat(words);
  beating = setInterval(() => beat(words), 1500);
}

export function stopRing() {
  if (!beating) return;
  clearInterval(beating);
  beating = 0;
  document.title = title;
  document.getElementById("alarm").textContent = "";
}
