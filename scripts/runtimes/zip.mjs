import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;
const endRecordBytes = 22;
const longestComment = 0xffff;
const stored = 0;
const deflated = 8;
const modeMask = 0o777;
const typeMask = 0o170000;
const linkType = 0o120000;

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} method
 * @property {number} compressedBytes
 * @property {number} bytes
 * @property {number} offset
 * @property {number} mode
 */

/**
 * Unpacks a zip archive, with modes and links; refuses names that lead out of the folder.
 * @param {string} archive
 * @param {string} folder
 * @param {{rename?: (name: string) => string | undefined}} [options] `rename` gives an entry another name or, with undefined, leaves it out.
 * @throws {Error} when the archive is cut short or uses a form this reader does not know
 */
export async function extractZip(archive, folder, options = {}) {
  const rename = options.rename ?? ((name) => name);
  const handle = await open(archive, 'r');
  try {
    const made = new Set();
    for (const entry of await readEntries(handle)) {
      const name = rename(entry.name);
      if (!name) continue;
      const target = join(folder, safeName(name));
      const parent = name.endsWith('/') ? target : dirname(target);
      if (!made.has(parent)) {
        await mkdir(parent, { recursive: true });
        made.add(parent);
      }
      if (!name.endsWith('/')) await writeEntry(archive, handle, entry, target);
    }
  } finally {
    await handle.close();
  }
}

/** @param {string} name */
function safeName(name) {
  const clean = posix.normalize(name.replaceAll('\\', '/'));
  if (clean.startsWith('../') || clean === '..' || posix.isAbsolute(clean) || /^[a-z]:/i.test(clean))
    throw new Error(`The archive holds a file outside its folder: ${name}`);
  return clean;
}

/**
 * @param {import('node:fs/promises').FileHandle} handle
 * @returns {Promise<ZipEntry[]>}
 */
async function readEntries(handle) {
  const { size } = await handle.stat();
  const tailBytes = Math.min(size, endRecordBytes + longestComment);
  const tail = await readAt(handle, size - tailBytes, tailBytes);
  let end = tail.length - endRecordBytes;
  while (end >= 0 && tail.readUInt32LE(end) !== endRecord) end -= 1;
  if (end < 0) throw new Error('The archive is not a whole zip file.');
  const count = tail.readUInt16LE(end + 10);
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  /** @type {ZipEntry[]} */
  const entries = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (directory.readUInt32LE(at) !== centralRecord) throw new Error('The directory of the zip is damaged.');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * @param {string} archive
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {ZipEntry} entry
 * @param {string} target
 */
async function writeEntry(archive, handle, entry, target) {
  const header = await readAt(handle, entry.offset, 30);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.method !== stored && entry.method !== deflated)
    throw new Error(`${entry.name} is packed in an unknown way (${entry.method}).`);
  if ((entry.mode & typeMask) === linkType) {
    await symlink((await readAt(handle, start, entry.compressedBytes)).toString('utf8'), target);
    return;
  }
  const mode = entry.mode & modeMask || 0o644;
  if (entry.bytes === 0) {
    await writeFile(target, '');
  } else {
    const output = createWriteStream(target);
    const input = createReadStream(archive, { start, end: start + entry.compressedBytes - 1 });
    await (entry.method === deflated ? pipeline(input, createInflateRaw(), output) : pipeline(input, output));
    if (output.bytesWritten !== entry.bytes) throw new Error(`${entry.name} is cut short in the archive.`);
  }
  await chmod(target, mode);
}

/**
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {number} position
 * @param {number} length
 */
async function readAt(handle, position, length) {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('The archive ends too early.');
  return buffer;
}
