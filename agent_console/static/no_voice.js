// The line of a call could not be opened.

export class NoVoice extends Error {}
