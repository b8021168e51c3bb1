// A recording as a waveform over the page's own player: the player works alone too, by keyboard as every player does.

import WaveSurfer from "/desk/libraries/wavesurfer.esm.js";
import Regions from "/desk/libraries/regions.esm.js";

const STEP = 5; // seconds
const place = document.getElementById("wave");
const sound = document.getElementById("sound");
const state = document.getElementById("wave-state");
const keys = document.getElementById("wave-keys");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Fetched once, for both: the player gets what the waveform was drawn from.
const address = sound.src;
sound.removeAttribute("src");
sound.preload = "auto";

const wave = WaveSurfer.create({
  container: place,
  media: sound,
  url: address,
  height: 96,
  sampleRate: 8000,
  normalize: true,
  hideScrollbar: true,
  waveColor: colour("--ink-soft"),
  progressColor: colour("--accent"),
  cursorColor: colour("--ink"),
  cursorWidth: 2,
  cspNonce: place.dataset.nonce,
});
const regions = wave.registerPlugin(Regions.create());

function skip(seconds) {
  wave.setTime(Math.min(wave.getDuration(), Math.max(0, wave.getCurrentTime() + seconds)));
}

wave.on("ready", () => {
  state.hidden = true;
  keys.hidden = false;
  place.dataset.ready = "";
  for (const [start, end] of JSON.parse(place.dataset.pauses)) {
    regions.addRegion({ start, end: Math.min(end, wave.getDuration()), color: colour("--pause-shade"), drag: false, resize: false });
  }
});

// The player works without the waveform, and tries the sound by itself.
wave.once("error", () => {
  sound.src = address;
  state.textContent = state.dataset.fault;
});

keys.addEventListener("click", (event) => {
  const button = event.target.closest("[data-skip]");
  if (button) skip(Number(button.dataset.skip));
});

document.getElementById("speed").addEventListener("change", (event) => wave.setPlaybackRate(Number(event.target.value), true));

document.addEventListener("keydown", (event) => {
  // What has the focus and takes these keys itself keeps them.
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea, button, summary, audio, a, dialog[open]")) return;
  if (event.code === "Space") wave.playPause();
  else if (event.code === "ArrowLeft") skip(-STEP);
  else if (event.code === "ArrowRight") skip(STEP);
  else return;
  event.preventDefault();
});
