// What this browser keeps of a complaint. Words that the server may not have yet stand on a shelf that outlives a crash.
// What the server has confirmed is only noted in the tab, for a page that was drawn before that and shown after it.

const SAVED = "saved-draft";

function shelf(id) {
  return `draft:${id}`;
}

function read(store, key) {
  return JSON.parse(store.getItem(key));
}

function write(store, key, value) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden store: the server's copy is the one that counts.
  }
}

// `based`: the version that the server had confirmed when these words were typed.
export function keep(id, based, data) {
  write(localStorage, shelf(id), { based, data });
}

export function isKept(id) {
  return localStorage.getItem(shelf(id)) !== null;
}

export function drop(id) {
  localStorage.removeItem(shelf(id));
}

// The server has these words now. Newer ones on the shelf stay there; only the last draft of a tab is noted.
export function confirm(id, version, data, when) {
  write(sessionStorage, SAVED, { id, version, data, when });
  if (JSON.stringify(read(localStorage, shelf(id))?.data) === JSON.stringify(data)) drop(id);
}

export function forgetConfirmed() {
  sessionStorage.removeItem(SAVED);
}

// What the page lacks that draws draft `id` at `version`: { version, data, when, unsaved, based }, or null. `based` is the
// version on which unsaved words were typed.
export function lacking(id, version, { mayBeOld = false } = {}) {
  const saved = read(sessionStorage, SAVED);
  // The page before this one went on saving while this one was on its way: the server drew it without those words.
  const later = saved?.id === id && saved.version > version ? saved : null;
  if (!later) forgetConfirmed();
  const newest = later?.version ?? version;
  const kept = read(localStorage, shelf(id));
  // One save may have arrived while its answer was lost with the page, and still be older than the words of the shelf;
  // of a later version others have made more since. `mayBeOld`: whoever asks has the server tell both texts apart.
  if (kept && (mayBeOld || newest <= kept.based + 1)) return { version: newest, data: kept.data, unsaved: true, based: kept.based };
  drop(id);
  return later && { ...later, unsaved: false };
}
