import { describe, expect, it } from 'vitest';
import { parseSender } from '../../src/messages/sender.ts';

describe('a sender ID', () => {
  it.each([
    ['HERALD', 'HERALD', 'alphanumeric'],
    [' My Bank ', 'My Bank', 'alphanumeric'],
    ['A', 'A', 'alphanumeric'],
    ['H&M', 'H&M', 'alphanumeric'],
    ['ab.c-d_e 12', 'ab.c-d_e 12', 'alphanumeric'],
    ['24x7', '24x7', 'alphanumeric'],
    ['900', '900', 'short'],
    ['12345678', '12345678', 'short'],
    ['79161234567', '79161234567', 'number'],
    ['+79161234567', '79161234567', 'number'],
    ['123456789012345', '123456789012345', 'number'],
  ])('may be %j', (text, sender, type) => {
    expect(parseSender(text)).toEqual({ kind: 'sender', sender, type });
  });

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['12', 'too-short'],
    ['1234567890123456', 'too-long'],
    ['ABCDEFGHIJKL', 'too-long'],
    ['СБЕР', 'bad-character'],
    ['Caf\u00e9', 'bad-character'],
    ['A\nB', 'bad-character'],
    ['A+B', 'bad-character'],
    ['O\u2019Brien', 'bad-character'],
    ['12-34', 'no-letter'],
    ['...', 'no-letter'],
  ])('cannot be %j', (text, why) => {
    expect(parseSender(text)).toEqual({ kind: 'unusable', why });
  });
});
