/** The guides say what the program does: their examples are read by it, and what they print is what it prints. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PLACEHOLDERS } from '../integrations/providers/http/settings.ts';
import { smscGateway, smscSettings } from '../integrations/providers/smsc.ts';
import { twilioGateway, twilioSettings } from '../integrations/providers/twilio.ts';
import { SCOPES as GOOGLE_SCOPES } from '../integrations/sheets/google/client.ts';
import { ACCOUNT_KINDS } from '../src/dispatch/account.ts';
import { readAccounts } from '../src/dispatch/accounts-file.ts';
import { FAILURE_CODES } from '../src/dispatch/provider.ts';
import { settingsProblems } from '../src/providers.ts';
import { check } from '../src/texts/en/check.ts';
import { outbound } from './contract/provider-far-end.ts';

const folder = new URL('../docs/', import.meta.url);
const guide = (name: string) => readFileSync(new URL(name, folder), 'utf8');
const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\n(.*?)\`\`\`$`, 'gmsu'))].map(([, block]) => block!);

describe('providers.md', () => {
  const providers = guide('providers.md');

  test.each(ACCOUNT_KINDS)('has an example of kind %s that is taken as it stands', (kind) => {
    const example = blocksOf(providers, 'json').find((block) => block.includes(`"kind": "${kind}"`))!;
    const reading = readAccounts(example);
    if (reading.kind === 'problems') throw new Error(reading.problems.join('\n'));
    expect(reading.accounts.flatMap((account) => settingsProblems(account, false))).toEqual([]);
  });

  test.each([
    ['Twilio says', twilioGateway, twilioSettings, { accountSid: 'AC1' }, (code: string) => ({ code })],
    ['`error_code`', smscGateway, smscSettings, {}, (code: string) => ({ error_code: Number(code), error: '' })],
  ] as const)('says under “%s” what becomes of a message', (heading, gateway, settings, over, body) => {
    const asked = { name: 'acme', partsPerSecond: 1, ...over };
    const { read } = gateway(settings.parse(asked) as never).submission([outbound('hello')], new Date());
    const table = providers.slice(providers.indexOf(`| ${heading} |`)).split('\n\n')[0]!;
    const rows = [...table.matchAll(/^\| ([\d, ]+)(?:,[^|]*)? \| (\w+)/gmu)];
    expect(rows.length).toBeGreaterThan(5);
    for (const [, codes, kind] of rows)
      for (const code of codes!.match(/\d+/gu)!) {
        const [outcome] = read({ status: 400, body: JSON.stringify(body(code)), retryAfter: undefined }, new Date());
        expect([code, outcome!.kind]).toEqual([code, kind]);
      }
  });

  test('names every placeholder, and no code that there is not', () => {
    for (const placeholder of PLACEHOLDERS) expect(providers).toContain(`| \`{${placeholder}}\` |`);
    const codes = /^`code` is one of (.*?):/msu.exec(providers)![1]!.match(/[\w-]+/gu)!;
    expect(FAILURE_CODES).toEqual(expect.arrayContaining(codes));
  });
});

/** A text of the catalogue as a line may have it. */
const pattern = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\{\w+\}/u)
      .map((part) => part.replace(/[.*+?^$()|[\]\\]/gu, '\\$&'))
      .join('.+')}$`,
    'u',
  );
const SAID = Object.values(check)
  .filter((text) => typeof text === 'string')
  .map(pattern);

describe.each(readdirSync(folder).filter((name) => name.startsWith('connect-')))('%s', (name) => {
  const text = guide(name);

  test('prints of the check what the check says', () => {
    const lines = blocksOf(text, '').flatMap((block) =>
      block.split('\n').filter((line) => /^(?:ok|off) {2,}/u.test(line)),
    );
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines)
      expect(
        SAID.some((said) => said.test(line.replace(/^\w+ +/u, ''))),
        line,
      ).toBe(true);
  });

  test('is in the index', () => {
    expect(guide('README.md')).toContain(`(${name})`);
  });
});

test('The delegation is granted the scopes that are asked for', () => {
  expect(blocksOf(guide('connect-google.md'), '').map((block) => block.trim())).toContain(GOOGLE_SCOPES.join(','));
});
