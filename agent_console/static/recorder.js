// Recording a prompt in the page: start, stop, listen, send. The microphone is open only between start and stop.

import { Refused, post, say } from "./ask.js";
import { refresh } from "./parts.js";
import { wavOf } from "./wav.js";

const dialog = document.getElementById("recorder");
const part = Object.fromEntries(["words", "level", "state", "sound", "speaker", "fault", "start", "stop", "send", "close"].map((name) => [name, document.getElementById(`recorder-${name}`)]));
let asked = null;
let running = null;
let taken = null;

function tellState(text) {
  part.state.textContent = text;
}

function fault(text) {
  part.fault.textContent = text;
  part.fault.hidden = !text;
}

function show() {
  part.start.hidden = !!running;
  part.stop.hidden = !running;
  part.send.hidden = !taken || !!running;
  part.sound.hidden = !taken || !!running;
  part.start.querySelector("span").textContent = say(taken ? "js.recorder_again" : "js.recorder_start");
}

function forget() {
  if (taken) URL.revokeObjectURL(part.sound.src);
  part.sound.removeAttribute("src");
  taken = null;
}

function loudness(block) {
  return block.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

async function start() {
  fault("");
  forget();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
  } catch {
    fault(say("js.recorder_no_microphone"));
    return;
  }
  const context = new AudioContext();
  const recording = { stream, context, blocks: [], began: performance.now() };
  await context.audioWorklet.addModule(dialog.dataset.worklet);
  const tap = new AudioWorkletNode(context, "tap", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  tap.port.onmessage = ({ data }) => {
    recording.blocks.push(data);
    part.level.value = Math.max(loudness(data), part.level.value * 0.95);
  };
  context.createMediaStreamSource(stream).connect(tap);
  recording.timer = setInterval(() => {
    const seconds = (performance.now() - recording.began) / 1000;
    tellState(say("js.recorder_runs", { n: Math.floor(seconds) }));
    if (seconds >= Number(dialog.dataset.longest)) stop();
  }, 250);
  running = recording;
  tellState(say("js.recorder_runs", { n: 0 }));
  show();
  part.stop.focus();
}

async function close(recording) {
  clearInterval(recording.timer);
  recording.stream.getTracks().forEach((track) => track.stop());
  part.level.value = 0;
  await recording.context.close();
}

async function stop() {
  const recording = running;
  running = null;
  if (!recording) return;
  await close(recording);
  taken = wavOf(recording.blocks, recording.context.sampleRate);
  part.sound.src = URL.createObjectURL(taken);
  tellState(say("js.recorder_listen"));
  show();
  part.send.focus();
}

async function send() {
  const form = new FormData();
  form.set("language", asked.language);
  form.set("text", asked.text);
  form.set("prompt", dialog.dataset.prompt);
  form.set("speaker", part.speaker.value);
  form.set("file", taken, "microphone.wav");
  part.send.disabled = true;
  fault("");
  tellState(say("js.recorder_sends"));
  try {
    await post(dialog.dataset.send, form);
    dialog.close();
    await refresh("voice");
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fault(error.message);
    tellState(say("js.recorder_listen"));
  } finally {
    part.send.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-record]");
  if (!button) return;
  asked = { language: button.dataset.language, text: document.getElementById(button.dataset.record).textContent };
  part.words.textContent = asked.text;
  part.words.lang = asked.language;
  fault("");
  forget();
  show();
  tellState(say("js.recorder_ready"));
  dialog.showModal();
  part.start.focus();
});
part.start.addEventListener("click", start);
part.stop.addEventListener("click", stop);
part.send.addEventListener("click", send);
part.close.addEventListener("click", () => dialog.close());
dialog.addEventListener("close", async () => {
  const recording = running;
  running = null;
  if (recording) await close(recording);
  forget();
});
