// The voice of one call: the microphone to the exchange, and what the exchange says to the ear.

import { openSound } from "./exchange.js";
import { isOn } from "./sound.js";

export class Line {
  constructor(sid, onOpen, onDeaf) {
    this.sid = sid;
    this.onDeaf = onDeaf; // the microphone may not be used: the other side hears nothing
    this.ear = new Audio();
    this.ear.autoplay = true;
    this.isOpen = false;
    this.isOver = false;
    this.connection = new RTCPeerConnection();
    this.connection.addEventListener("track", ({ streams, track }) => {
      this.ear.srcObject = streams[0] || new MediaStream([track]);
      this.mute();
    });
    this.connection.addEventListener("connectionstatechange", () => {
      this.isOpen = this.connection.connectionState === "connected";
      if (this.isOpen) onOpen();
    });
    this.begin().catch(() => this.close());
  }

  async begin() {
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null);
    if (this.isOver) return stopAll(microphone);
    this.microphone = microphone;
    const voice = microphone?.getAudioTracks()[0];
    const way = this.connection.addTransceiver(voice || "audio", { direction: voice ? "sendrecv" : "recvonly" });
    way.setCodecPreferences(asTelephonesSpeak());
    if (!voice) this.onDeaf();
    await this.connection.setLocalDescription(await this.connection.createOffer());
    const { sdp } = await openSound(this.sid, this.connection.localDescription.sdp);
    if (!this.isOver) await this.connection.setRemoteDescription({ type: "answer", sdp });
  }

  mute() {
    this.ear.muted = !isOn();
  }

  close() {
    this.isOver = true;
    this.isOpen = false;
    this.connection.close();
    this.ear.srcObject = null;
    stopAll(this.microphone);
  }
}

// Narrow as a telephone, and little work for the machine.
function asTelephonesSpeak() {
  const { codecs } = RTCRtpReceiver.getCapabilities("audio");
  const first = ({ mimeType }) => (mimeType === "audio/PCMU" ? 0 : 1);
  return codecs.sort((one, other) => first(one) - first(other));
}

function stopAll(stream) {
  for (const track of stream?.getTracks() || []) track.stop();
}
