/*
 * Sends one file in parts (tus 1.0.0) and goes on after every cut. No page in it: `upload.js` shows what it tells.
 *
 *   const sending = new Sending(grant, tell); await sending.state(); sending.begin(file); sending.pause(); sending.resume()
 *   tell({kind, …}): progress {sent, size} · hashing {done, size} · waiting {seconds} · paused · checking {file} · problem {text, final}
 */
const PART = 4 << 20;
const HEAD = 1 << 20;
const TRIES_WAIT_MAX_S = 30;
const TUS = {'Tus-Resumable': '1.0.0'};

export class Problem extends Error {
  constructor(text, status = 0) {
    super(text);
    this.status = status;
  }
}

class Away extends Error {}

const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export class Sending {
  constructor(grant, tell) {
    this.grant = grant;
    this.tell = tell;
    this.worker = new Worker(new URL('./hash-worker.js', import.meta.url), {type: 'module'});
    this.worker.onmessage = ({data}) => this.#hashed(data);
    this.asked = new Map();
    this.count = 0;
  }

  /** What the station says of the ask and its file. */
  async state() {
    return (await this.#ask('/nop-hinh/tinh-trang/')).json();
  }

  async drop(url) {
    this.pause();
    this.run = null;
    await this.#ask(url, {method: 'DELETE'});
  }

  close() {
    this.pause();
    this.worker.terminate();
  }

  /** Begin, or go on with what is there: the file must be the same one. */
  async begin(file) {
    this.file = file;
    const fingerprint = (await this.#hash({blob: new Blob([file.slice(0, HEAD), String(file.size)])})).hex;
    const {file: there} = await this.state();
    if (there && there.state === 'receiving' && (there.size !== file.size || (there.fingerprint && there.fingerprint !== fingerprint))) {
      throw new Problem('Đây không phải tệp đang gửi dở. Hãy chọn lại đúng tệp ấy, hoặc bấm “Bỏ tệp, gửi tệp khác”.');
    }
    this.url = there?.state === 'receiving' ? there.url : await this.#create(file, fingerprint);
    this.whole = this.#hash({file});
    this.whole.catch(() => {}); // awaited at the end; until then a failure waits there
    await this.resume();
  }

  pause() {
    this.stopper?.abort();
    this.stopper = null;
  }

  get isRunning() { return Boolean(this.stopper); }

  async resume() {
    if (this.stopper) return;
    const stopper = new AbortController();
    this.stopper = stopper;
    for (let failures = 0; !stopper.signal.aborted;) {
      try {
        await this.#send(stopper.signal, () => { failures = 0; });
        this.stopper = null;
        return;
      } catch (error) {
        if (stopper.signal.aborted) break;
        if (!(error instanceof Away)) {
          this.stopper = null;
          throw error;
        }
        failures += 1;
        await this.#wait(Math.min(TRIES_WAIT_MAX_S, 2 ** Math.min(failures, 5)), stopper.signal);
      }
    }
    this.tell({kind: 'paused'});
  }

  async #send(signal, wentWell) {
    let sent = Number((await this.#ask(this.url, {method: 'HEAD', signal})).headers.get('Upload-Offset'));
    while (sent < this.file.size) {
      this.tell({kind: 'progress', sent, size: this.file.size});
      sent = await this.#part(sent, signal);
      wentWell();
    }
    this.tell({kind: 'progress', sent, size: this.file.size});
    const {hex} = await this.whole;
    const answer = await this.#ask(`${this.url}xong/`, {method: 'POST', body: JSON.stringify({sha256: hex}), signal});
    this.tell({kind: 'checking', file: await answer.json(), sha256: hex});
  }

  async #part(sent, signal) {
    const blob = this.file.slice(sent, sent + PART);
    const {base64: sum} = await this.#hash({blob});
    const headers = {'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(sent), 'Upload-Checksum': `sha256 ${sum}`};
    try {
      const answer = await this.#ask(this.url, {method: 'PATCH', body: blob, headers, signal});
      return Number(answer.headers.get('Upload-Offset'));
    } catch (error) {
      if (error.status === 409 || error.status === 460) throw new Away(); // ask again how far it is, and go on from there
      throw error;
    }
  }

  async #create(file, fingerprint) {
    const metadata = `filename ${base64(file.name)},fingerprint ${base64(fingerprint)}`;
    const answer = await this.#ask('/nop-hinh/tep/', {method: 'POST', headers: {'Upload-Length': String(file.size), 'Upload-Metadata': metadata}});
    return new URL(answer.headers.get('Location'), location.href).pathname;
  }

  async #ask(url, options = {}) {
    const headers = {...TUS, Accept: 'application/json', Authorization: `Bearer ${this.grant}`, ...options.headers};
    let answer;
    try {
      answer = await fetch(url, {cache: 'no-store', credentials: 'omit', ...options, headers});
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Away();
    }
    if (answer.ok) return answer;
    if (answer.status >= 500 && answer.status !== 507) throw new Away();
    const told = await answer.json().catch(() => ({}));
    throw new Problem(told.detail ?? `Máy chủ không nhận (mã ${answer.status}). Hãy tải lại trang.`, answer.status);
  }

  /** Wait, but not longer than until the line is back. */
  #wait(seconds, signal) {
    this.tell({kind: 'waiting', seconds});
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        removeEventListener('online', go);
        resolve();
      };
      const timer = setTimeout(go, seconds * 1000);
      addEventListener('online', go);
      signal.addEventListener('abort', go);
    });
  }

  #hash(what) {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.asked.set(id, {resolve, reject});
      this.worker.postMessage({id, ...what});
    });
  }

  #hashed({id, hex, base64: sum, problem, done, size}) {
    if (done !== undefined) {
      this.tell({kind: 'hashing', done, size});
      return;
    }
    const {resolve, reject} = this.asked.get(id) ?? {};
    this.asked.delete(id);
    if (problem) reject?.(new Problem(problem));
    else resolve?.({hex, base64: sum});
  }
}
