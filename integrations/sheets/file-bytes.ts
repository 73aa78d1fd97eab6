/** The bytes of an open file, from its start each time; the file stays open, and its caller's. */
import type { FileHandle } from 'node:fs/promises';

const CHUNK = 64 * 1024;

export async function* bytesOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    const chunk = await firstBytes(file, CHUNK, position);
    if (chunk.length === 0) return;
    position += chunk.length;
    yield chunk;
  }
}

/** Up to `length` bytes from `position`. */
export async function firstBytes(file: FileHandle, length: number, position = 0): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
