/*
 * Hashes beside the page, so that it stays quick.
 *
 *   in  {id, blob}           out {id, hex, base64}            one piece
 *   in  {id, file}           out {id, done, size} … {id, hex} a whole file, however long, read piece by piece
 *   in  {id, stop: true}     a whole file is not wanted any more
 */
import {Sha256, hexOf} from './sha256.js';

const PIECE = 4 << 20;
const TELL_EVERY_MS = 250;
const stopped = new Set();

const bytesOf = async (blob) => new Uint8Array(await blob.arrayBuffer());

async function whole(id, file) {
  const hash = new Sha256();
  let told = 0;
  for (let at = 0; at < file.size && !stopped.has(id); at += PIECE) {
    hash.update(await bytesOf(file.slice(at, at + PIECE)));
    if (Date.now() - told > TELL_EVERY_MS) {
      told = Date.now();
      postMessage({id, done: Math.min(at + PIECE, file.size), size: file.size});
    }
  }
  if (!stopped.has(id)) postMessage({id, hex: hexOf(hash.digest())});
}

async function piece(id, blob) {
  const digest = new Sha256().update(await bytesOf(blob)).digest();
  postMessage({id, hex: hexOf(digest), base64: btoa(String.fromCharCode(...digest))});
}

onmessage = async ({data}) => {
  const {id, blob, file, stop} = data;
  if (stop) {
    stopped.add(id);
    return;
  }
  try {
    await (file ? whole(id, file) : piece(id, blob));
  } catch {
    postMessage({id, problem: 'Không đọc được tệp trên máy này. Tệp có thể đã bị xóa, đổi tên hoặc thẻ nhớ đã rút ra.'});
  }
};
