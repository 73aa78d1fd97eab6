/**
 * The keyring: one master key outside the database, and what is made of it. It names a person without the number,
 * keeps secrets of accounts sealed at rest, and hashes tokens, so that a stolen database tells none of them.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { join } from 'node:path';
import { keyIn, keyLength, numberedKeys, parseKey } from './keys.ts';

/**
 * A secret as it is stored: its own data key, wrapped by the sealing key `keyId`, and the secret encrypted by it.
 * Both are base64 of nonce (12 bytes), tag (16 bytes) and ciphertext.
 */
export interface Sealed {
  readonly keyId: string;
  readonly dataKey: string;
  readonly box: string;
}

export interface Keyring {
  /** Tells master keys apart without telling them; kept in the database to refuse one made with another key. */
  readonly fingerprint: string;
  /** What a person is called in the database instead of the number: 22 characters, equal for equal numbers. */
  personKey(e164: string): string;
  /** Encrypts; `place` is the record's id and the field, so that no secret can be moved to another record. */
  seal(plain: string, place: string): Sealed;
  /** Throws when the secret was changed, moved, or sealed by a key that is not here. */
  open(sealed: Sealed, place: string): string;
  /** The same secret under the newest sealing key; the secret itself is not touched. Null when it is there already. */
  rewrap(sealed: Sealed): Sealed | null;
  /** Makes a new sealing key that seals from now on; `rewrap` all that is stored to retire the old ones. */
  renewSealingKey(): void;
  /** What is stored of a token, to find it by. */
  tokenHash(token: string): string;
}

export interface KeyringOptions {
  readonly dataDir: string;
  /** The master key in base64, when it is given by the environment instead of its file. */
  readonly masterKey?: string | null;
}

/** Opens the keyring of a deployment; at first start the master key is made in `<dataDir>/keys/master.key`. */
export function openKeyring({ dataDir, masterKey = null }: KeyringOptions): Keyring {
  const folder = join(dataDir, 'keys');
  const master = masterKey === null ? keyIn(folder, 'master.key') : parseKey(masterKey);
  if (master === null) throw new Error('the master key must be 32 bytes in base64');

  const keyFor = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `herald/v1/${purpose}`, keyLength));
  const person = shortMac(keyFor('person'));
  // As a key object it is seven times faster than as bytes.
  const token = createSecretKey(keyFor('token'));
  const mac = (key: KeyObject, text: string): string => createHmac('sha256', key).update(text).digest('base64url');

  // The first sealing key comes of the master key; newer ones have files of their own, so that they can be renewed
  // while people keep their names.
  const sealing = new Map<number, Buffer>();
  const findSealing = (): void => {
    sealing.set(1, keyFor('sealing'));
    for (const [number, key] of numberedKeys(folder, 'sealing-')) sealing.set(number, key);
  };
  findSealing();
  const newest = (): number => Math.max(...sealing.keys());
  const sealingKey = (keyId: string): Buffer => {
    if (!sealing.has(Number(keyId))) findSealing();
    const key = sealing.get(Number(keyId));
    if (key === undefined) throw new Error(`the sealing key ${keyId} is not in ${folder}; restore it from its backup`);
    return key;
  };
  const wrap = (dataKey: Buffer): Pick<Sealed, 'keyId' | 'dataKey'> => {
    const keyId = String(newest());
    return { keyId, dataKey: encrypt(sealingKey(keyId), dataKey, `data-key/${keyId}`) };
  };
  const unwrap = ({ keyId, dataKey }: Sealed): Buffer => decrypt(sealingKey(keyId), dataKey, `data-key/${keyId}`);

  return {
    fingerprint: mac(createSecretKey(keyFor('fingerprint')), 'master').slice(0, 16),
    personKey: (e164) => person(e164).slice(0, 22),
    tokenHash: (secret) => mac(token, secret),
    seal(plain, place) {
      const dataKey = randomBytes(keyLength);
      return { ...wrap(dataKey), box: encrypt(dataKey, Buffer.from(plain, 'utf8'), place) };
    },
    open: (sealed, place) => decrypt(unwrap(sealed), sealed.box, place).toString('utf8'),
    rewrap(sealed) {
      findSealing();
      if (sealed.keyId === String(newest())) return null;
      return { ...wrap(unwrap(sealed)), box: sealed.box };
    },
    renewSealingKey() {
      findSealing();
      const number = newest() + 1;
      sealing.set(number, keyIn(folder, `sealing-${number}.key`));
    },
  };
}

/** AES-256-GCM: the nonce is random, 96 bits (NIST SP 800-38D 8.2.2); data keys are used once, sealing keys far less than 2^32 times. */
function encrypt(key: Buffer, plain: Buffer, place: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place, 'utf8'));
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), encrypted]).toString('base64');
}

function decrypt(key: Buffer, box: string, place: string): Buffer {
  const bytes = Buffer.from(box, 'base64');
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    cipher.setAAD(Buffer.from(place, 'utf8')).setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([cipher.update(bytes.subarray(28)), cipher.final()]);
  } catch (error) {
    throw new Error(`the secret of ${place} cannot be opened: it was changed, moved, or sealed with another key`, {
      cause: error,
    });
  }
}

/** Bytes that SHA-256 takes at a time, and the longest text that is spelt out here. */
const BLOCK = 64;
const SHORT = 64;

/**
 * HMAC-SHA256 in base64url of short texts, as RFC 2104 spells it: a hash of a hash. A large audience is named by two million of
 * them, and making a hash object for each would take three times as long as the hashes. A test compares it with the library's.
 */
export function shortMac(key: Buffer): (text: string) => string {
  if (key.length > BLOCK) throw new Error('such a key would have to be hashed first');
  const [inner, outer] = [Buffer.alloc(BLOCK + SHORT), Buffer.alloc(BLOCK + 32)];
  for (let i = 0; i < BLOCK; i++) {
    inner[i] = (key[i] ?? 0) ^ 0x36;
    outer[i] = (key[i] ?? 0) ^ 0x5c;
  }
  return (text) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > SHORT) return createHmac('sha256', key).update(text).digest('base64url');
    inner.write(text, BLOCK);
    outer.write(hash('sha256', inner.subarray(0, BLOCK + bytes), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, 'base64url');
  };
}
