import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { parseKey } from '../../src/platform/keys.ts';
import { openKeyring, shortMac } from '../../src/platform/secrets.ts';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'herald-keys-'));
  folders.push(made);
  return made;
}
afterEach(() => {
  for (const one of folders.splice(0)) rmSync(one, { recursive: true });
});

const masterKey = Buffer.alloc(32, 7).toString('base64');
const otherKey = Buffer.alloc(32, 8).toString('base64');

describe('the master key', () => {
  test('is made at first start, for its owner only, and stays', () => {
    const dataDir = folder();
    const first = openKeyring({ dataDir });
    expect(statSync(join(dataDir, 'keys')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'keys/master.key')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['master.key']);
    expect(openKeyring({ dataDir }).fingerprint).toBe(first.fingerprint);
    expect(openKeyring({ dataDir: folder() }).fingerprint).not.toBe(first.fingerprint);
  });

  test('is one for processes that start at once', async () => {
    const dataDir = folder();
    const program = `import { openKeyring, shortMac } from ${JSON.stringify(new URL('../../src/platform/secrets.ts', import.meta.url).href)};
      process.stdout.write(openKeyring({ dataDir: ${JSON.stringify(dataDir)} }).fingerprint);`;
    const printed = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const [fingerprint] = await Promise.all([text(child.stdout), once(child, 'close')]);
        return fingerprint;
      }),
    );
    expect(new Set(printed)).toEqual(new Set([openKeyring({ dataDir }).fingerprint]));
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['master.key']);
  });

  test('is refused when others can read it', () => {
    const dataDir = folder();
    openKeyring({ dataDir });
    chmodSync(join(dataDir, 'keys/master.key'), 0o644);
    expect(() => openKeyring({ dataDir })).toThrow(/can be read by others.*chmod 600/);
  });

  test('is refused when damaged, and never replaced', () => {
    const dataDir = folder();
    mkdirSync(join(dataDir, 'keys'));
    const file = join(dataDir, 'keys/master.key');
    writeFileSync(file, 'AAAA', { mode: 0o600 });
    expect(() => openKeyring({ dataDir })).toThrow('is damaged');
    expect(readFileSync(file, 'utf8')).toBe('AAAA');
  });

  test('may come from the environment, and then leaves no file', () => {
    const dataDir = folder();
    const ring = openKeyring({ dataDir, masterKey });
    expect(readdirSync(dataDir)).toEqual([]);
    expect(openKeyring({ dataDir: folder(), masterKey }).personKey('+79161234567')).toBe(
      ring.personKey('+79161234567'),
    );
    expect(() => openKeyring({ dataDir, masterKey: 'short' })).toThrow('32 bytes');
  });

  test('cannot be made where a file stands in the way', () => {
    const dataDir = folder();
    writeFileSync(join(dataDir, 'keys'), '');
    expect(() => openKeyring({ dataDir })).toThrow();
    expect(() => openKeyring({ dataDir, masterKey })).toThrow('cannot be read');
  });

  test.each(['', 'AAAA', `${masterKey}=`, masterKey.replace('B', '-')])('is not %j', (written) => {
    expect(parseKey(written)).toBeNull();
  });
});

describe('the name of a person', () => {
  const ring = openKeyring({ dataDir: '.', masterKey });

  test('is 22 characters, the same for a number and another for another', () => {
    const phone = fc.integer({ min: 79_000_000_000, max: 79_999_999_999 }).map((n) => `+${n}`);
    fc.assert(
      fc.property(phone, phone, (one, other) => {
        expect(ring.personKey(one)).toMatch(/^[\w-]{22}$/);
        expect(ring.personKey(one) === ring.personKey(other)).toBe(one === other);
      }),
    );
  });

  test('depends on the master key, and is no token hash', () => {
    expect(openKeyring({ dataDir: '.', masterKey: otherKey }).personKey('+79161234567')).not.toBe(
      ring.personKey('+79161234567'),
    );
    expect(ring.tokenHash('+79161234567')).not.toContain(ring.personKey('+79161234567'));
    expect(ring.tokenHash('token')).toMatch(/^[\w-]{43}$/);
  });

  test('is what it was in the first release: names in databases must be found again', () => {
    expect(ring.personKey('+79161234567')).toMatchInlineSnapshot(`"5qt_E-XwJYwaXC7Om0sb9K"`);
    expect(ring.fingerprint).toMatchInlineSnapshot(`"R4A-iJfz9U6-KrxL"`);
  });
});

describe('a sealed secret', () => {
  test('opens in its place, with every character', () => {
    const ring = openKeyring({ dataDir: '.', masterKey });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, place) => {
        expect(ring.open(ring.seal(plain, place), place)).toBe(plain);
      }),
    );
  });

  test('shows nothing of itself, and is another each time', () => {
    const ring = openKeyring({ dataDir: '.', masterKey });
    const [one, other] = [ring.seal('canary', 'a'), ring.seal('canary', 'a')];
    expect(JSON.stringify(one)).not.toContain('canary');
    expect(one.box).not.toBe(other.box);
    expect(one.dataKey).not.toBe(other.dataKey);
  });

  test('does not open elsewhere, changed, with parts of another, or with another master key', () => {
    const ring = openKeyring({ dataDir: '.', masterKey });
    const sealed = ring.seal('canary', 'provider:acme/password');
    const other = ring.seal('other', 'provider:acme/password');
    const flipped = Buffer.from(sealed.box, 'base64');
    flipped[30] = (flipped[30] ?? 0) ^ 1;
    const place = 'provider:acme/password';
    expect(() => ring.open(sealed, 'provider:beta/password')).toThrow('cannot be opened');
    expect(() => ring.open({ ...sealed, box: flipped.toString('base64') }, place)).toThrow('cannot be opened');
    expect(() => ring.open({ ...sealed, box: '' }, place)).toThrow('cannot be opened');
    expect(() => ring.open({ ...sealed, dataKey: other.dataKey }, place)).toThrow('cannot be opened');
    expect(() => openKeyring({ dataDir: '.', masterKey: otherKey }).open(sealed, place)).toThrow('cannot be opened');
  });

  test('moves to a new sealing key untouched, and other processes learn of it', () => {
    const dataDir = folder();
    const ring = openKeyring({ dataDir });
    const neighbour = openKeyring({ dataDir });
    const old = ring.seal('canary', 'a');
    expect(ring.rewrap(old)).toBeNull();
    ring.renewSealingKey();
    ring.renewSealingKey();
    const moved = neighbour.rewrap(old);
    expect(moved).toMatchObject({ keyId: '3', box: old.box });
    expect(moved && neighbour.open(moved, 'a')).toBe('canary');
    expect(ring.open(old, 'a')).toBe('canary');
    expect(openKeyring({ dataDir }).open(ring.seal('late', 'b'), 'b')).toBe('late');
    expect(openKeyring({ dataDir }).personKey('+7')).toBe(ring.personKey('+7'));
    expect(readdirSync(join(dataDir, 'keys')).sort()).toEqual(['master.key', 'sealing-2.key', 'sealing-3.key']);
  });

  test('says which key is missing', () => {
    const ring = openKeyring({ dataDir: folder(), masterKey });
    const sealed = ring.seal('canary', 'a');
    expect(() => ring.open({ ...sealed, keyId: '9' }, 'a')).toThrow('the sealing key 9 is not in');
  });
});

test('the quick hash of short texts is the HMAC that it is said to be', () => {
  const key = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 55, maxLength: 75 }),
    fc.constant('я'.repeat(40)),
  );
  fc.assert(
    fc.property(key, fc.array(text, { minLength: 1, maxLength: 5 }), (secret, texts) => {
      const mac = shortMac(secret);
      const expected = texts.map((one) => createHmac('sha256', secret).update(one).digest('base64url'));
      expect(texts.map(mac)).toEqual(expected);
    }),
  );
  expect(() => shortMac(Buffer.alloc(65))).toThrow('hashed first');
});
