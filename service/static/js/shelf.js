// Values kept in this browser, each encrypted (AES-GCM) with a key that only a signed-in page has. Where the browser has no
// cryptography (a page served without TLS, from another machine) or no storage, nothing is kept, and `lasting` is false.
const NAME = "passerelle", SHELF = "kept";
const DAYS = 60; // what nobody has come back for
const answered = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export class Shelf {
  // `prefix`: whose and for what; `key`: 32 octets in base64.
  static async open(prefix, key) {
    const shelf = new Shelf(prefix);
    try {
      const octets = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
      shelf.key = await crypto.subtle.importKey("raw", octets, "AES-GCM", false, ["encrypt", "decrypt"]);
      shelf.database = await database();
      shelf.lasting = true;
      await shelf.sweep();
    } catch {
      shelf.lasting = false;
    }
    return shelf;
  }

  constructor(prefix) {
    this.prefix = prefix;
    this.waiting = new Map(); // name -> the newest value; null takes it away
    this.busy = new Map();
  }

  // Keep a value; of several for one name only the newest is sure to be written.
  put(name, value) {
    if (!this.lasting) return Promise.resolve();
    this.waiting.set(name, value);
    if (!this.busy.has(name)) this.busy.set(name, this.write(name).finally(() => this.busy.delete(name)));
    return this.busy.get(name);
  }

  drop(name) { return this.put(name, null); }

  async write(name) {
    while (this.waiting.has(name)) {
      const value = this.waiting.get(name);
      this.waiting.delete(name);
      const full = this.prefix + name;
      const sealed = value === null ? null : await this.seal(full, value);
      const store = this.store("readwrite");
      await answered(sealed ? store.put(sealed, full) : store.delete(full)).catch(() => { this.lasting = false; });
    }
  }

  // Everything that is kept under the prefix: [[name, value], …], by name. What cannot be opened is left out.
  async all() {
    if (!this.lasting) return [];
    const range = IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`);
    const store = this.store("readonly");
    const [names, values] = await Promise.all([answered(store.getAllKeys(range)), answered(store.getAll(range))]);
    const opened = await Promise.all(names.map((name, at) => this.unseal(name, values[at]).catch(() => null)));
    return names.map((name, at) => [name.slice(this.prefix.length), opened[at]]).filter(([, value]) => value !== null);
  }

  store(mode) { return this.database.transaction(SHELF, mode).objectStore(SHELF); }

  async seal(name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = new TextEncoder().encode(name);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, this.key, new TextEncoder().encode(JSON.stringify(value)));
    return { iv, data, at: Date.now() };
  }

  async unseal(name, { iv, data }) {
    const additionalData = new TextEncoder().encode(name);
    const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, this.key, data);
    return JSON.parse(new TextDecoder().decode(open));
  }

  async sweep() {
    const store = this.store("readwrite");
    const [names, values] = await Promise.all([answered(store.getAllKeys()), answered(store.getAll())]);
    const old = Date.now() - DAYS * 86400000;
    names.forEach((name, at) => { if (values[at].at < old) store.delete(name); });
  }
}

function database() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(SHELF);
  return answered(request);
}
