// Samples of a microphone as a WAV file of 16 bits, one channel: what the server reads, whichever browser it comes from.

const HEADER = 44;

export function wavOf(blocks, rate) {
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const file = new DataView(new ArrayBuffer(HEADER + 2 * length));
  const write = (at, text) => [...text].forEach((letter, n) => file.setUint8(at + n, letter.charCodeAt(0)));
  write(0, "RIFF");
  file.setUint32(4, HEADER - 8 + 2 * length, true);
  write(8, "WAVEfmt ");
  file.setUint32(16, 16, true);
  file.setUint16(20, 1, true);
  file.setUint16(22, 1, true);
  file.setUint32(24, rate, true);
  file.setUint32(28, 2 * rate, true);
  file.setUint16(32, 2, true);
  file.setUint16(34, 16, true);
  write(36, "data");
  file.setUint32(40, 2 * length, true);
  let at = HEADER;
  for (const block of blocks) {
    for (const sample of block) {
      file.setInt16(at, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
      at += 2;
    }
  }
  return new Blob([file], { type: "audio/wav" });
}
