// The check of the headset before the first call: which microphone and loudspeaker, is the voice heard, is the ear.

import { say } from "./ask.js";
import { choose, chosen, openMicrophone } from "./headset.js";
import { onRedrawn } from "./parts.js";

const HEARD = 0.03; // of the greatest loudness: speech is above, a silent room below
const LOOK_EVERY = 100; // milliseconds
const TONE = 660; // hertz

let stream = null;
let context = null;
let verdict = "";
let timer = 0;
let turn = 0; // of the check that runs; an earlier one whose microphone opens late closes it again

function find(selector) {
  return document.querySelector(`#headset-check ${selector}`);
}

async function begin() {
  end();
  const mine = turn;
  verdict = say("js.headset_speak");
  const opened = await openMicrophone({}, (isOpen) => {
    if (mine === turn && !isOpen) verdict = say("js.voice_no_microphone");
  });
  if (mine !== turn) return stop(opened);
  stream = opened;
  context = new AudioContext();
  const ear = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(ear);
  const samples = new Float32Array(ear.fftSize);
  timer = setInterval(() => {
    ear.getFloatTimeDomainData(samples);
    look(Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
  }, LOOK_EVERY);
  await fill();
}

function look(loudness) {
  if (!find("meter") || !document.getElementById("headset-check").open) return end();
  if (loudness > HEARD) verdict = say("js.headset_heard");
  find("meter").value = Math.min(1, loudness * 5);
  show();
}

function stop(microphone) {
  for (const track of microphone?.getTracks() || []) track.stop();
}

function end() {
  turn += 1;
  clearInterval(timer);
  stop(stream);
  context?.close();
  stream = context = null;
  verdict = "";
  if (find("meter")) find("meter").value = 0;
  show();
}

function show() {
  const line = find("#headset-verdict");
  if (!line) return;
  line.hidden = !verdict;
  line.textContent = verdict;
  find("#headset-listen").hidden = !!stream;
}

// Their names are told only once a microphone was allowed.
async function fill() {
  const box = document.getElementById("headset-check");
  if (!box || !navigator.mediaDevices) return;
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  for (const [select, kind, name] of [
    [find("#headset-microphone"), "audioinput", "microphone"],
    [find("#headset-speaker"), "audiooutput", "speaker"],
  ]) {
    const devices = all.filter((one) => one.kind === kind && one.label && one.deviceId !== "default");
    select.replaceChildren(new Option(say("js.headset_usual"), ""), ...devices.map((one) => new Option(one.label, one.deviceId)));
    const wanted = chosen()[name];
    select.value = devices.some((one) => one.deviceId === wanted) ? wanted : "";
  }
  show();
}

async function playTone() {
  const ear = new AudioContext();
  const { speaker } = chosen();
  if (speaker && ear.setSinkId) await ear.setSinkId(speaker).catch(() => undefined);
  const voice = ear.createOscillator();
  const volume = ear.createGain();
  voice.frequency.value = TONE;
  volume.gain.setValueAtTime(0.15, ear.currentTime);
  volume.gain.linearRampToValueAtTime(0, ear.currentTime + 0.8);
  voice.connect(volume).connect(ear.destination);
  voice.start();
  voice.stop(ear.currentTime + 0.8);
  voice.onended = () => ear.close();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#headset-listen")) begin();
  else if (event.target.closest("#headset-tone")) playTone();
});
document.addEventListener("change", (event) => {
  if (event.target.id === "headset-microphone") {
    choose({ microphone: event.target.value });
    begin();
  } else if (event.target.id === "headset-speaker") {
    choose({ speaker: event.target.value });
    document.dispatchEvent(new CustomEvent("speaker"));
  }
});
navigator.mediaDevices?.addEventListener("devicechange", fill);
onRedrawn((part) => part.dataset.part === "call" && fill());
fill();
