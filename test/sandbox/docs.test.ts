import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BAD_PDU_NAMES } from '../../integrations/sandbox/bad-pdus.ts';
import { NO_CONNECTION_FAULTS, NO_FAULTS, SWITCHES } from '../../integrations/sandbox/faults.ts';

const textOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const guide = textOf('../../docs/sandbox.md');
const tests = textOf('./faults.test.ts');

describe('every switch', () => {
  test.each(Object.keys(SWITCHES))('%s is in the guide, has a test, a first value and a line of help', (name) => {
    expect(guide).toContain(`\`${name}\``);
    expect(tests).toMatch(new RegExp(`\\b${name}\\b`));
    expect({ ...NO_FAULTS, ...NO_CONNECTION_FAULTS }).toHaveProperty(name);
    expect(SWITCHES[name]?.description).toBeTypeOf('string');
  });
});

test('every kind of bad bytes is in the guide', () => {
  for (const kind of BAD_PDU_NAMES) expect(guide).toContain(`\`${kind}\``);
});
