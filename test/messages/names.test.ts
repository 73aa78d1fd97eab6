import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOf, editDistance, nearestName } from '../../src/messages/names.ts';

describe('names', () => {
  it.each([
    ['имя', ['Телефон', 'Имя '], 'Имя '],
    ['ИмяКлиента', ['Имя\u00a0 клиента'], 'Имя\u00a0 клиента'],
    ['name', ['Name', 'name'], 'name'],
    ['NAME', ['Name', 'name'], 'Name'],
    ['Йод', ['\u0418\u0306од'], '\u0418\u0306од'],
    ['имя', ['имена'], null],
  ])('find the column that %j means in %j', (variable, columns, column) => {
    expect(columnOf(variable, columns)).toBe(column);
  });

  it.each([
    ['nmae', ['phone', 'Name', 'mane'], 'Name'],
    ['Имя клинта', ['Телефон', 'Имя клиента'], 'Имя клиента'],
    ['фамилия', ['Телефон', 'Имя'], null],
    ['x', [], null],
    ['id', ['if'], 'if'],
    ['id', ['no'], null],
  ])('suggest for %j of %j what was meant', (name, names, nearest) => {
    expect(nearestName(name, names)).toBe(nearest);
  });

  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['nmae', 'name', 1],
    ['ca', 'abc', 3],
  ])('%j is away from %j by letters', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('are as far apart one way as the other, and never farther than their length', () => {
    const name = fc.stringMatching(/^[abc]{0,8}$/);
    fc.assert(
      fc.property(name, name, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance === 0).toBe(a === b);
      }),
    );
  });
});
