/** Who may do what, and of which departments. */
import { describe, expect, test } from 'vitest';
import { type Employee, inScope, parseHandle, ROLES, type Role, scopeOf } from '../../src/staff/employee.ts';
import { holdersOf, may, type Right } from '../../src/staff/rights.ts';

const person = (roles: readonly Role[], fields: Partial<Employee> = {}): Employee =>
  ({ id: 'anna', department: 'sales', roles, sees: [], active: true, ...fields }) as unknown as Employee;

const TABLE: Record<Right, readonly Role[]> = {
  see: ['viewer', 'author', 'approver', 'analyst', 'admin'],
  write: ['author', 'admin'],
  decide: ['approver'],
  control: ['author', 'approver', 'admin'],
  results: ['author', 'approver', 'analyst', 'admin'],
  suppress: ['author', 'approver', 'admin'],
  'stop-all': ['approver', 'admin'],
  staff: ['admin'],
  operate: ['admin'],
};

describe.each(Object.entries(TABLE) as [Right, readonly Role[]][])('to %s', (right, holders) => {
  test.each(ROLES)('%s', (role) => {
    expect(may(person([role]), right, 'sales')).toBe(holders.includes(role));
    expect(may(person([role], { active: false }), right, 'sales')).toBe(false);
    expect(may(person([role], { department: 'risk' }), right, 'sales')).toBe(
      holders.includes(role) && role === 'admin',
    );
    expect(may(person([role], { department: 'risk', sees: ['sales'] }), right, 'sales')).toBe(holders.includes(role));
    expect(may(person([role], { department: 'risk', sees: 'all' }), right, 'sales')).toBe(holders.includes(role));
  });

  test('is said to be held by those who hold it', () => {
    expect(holdersOf(right)).toEqual(holders);
    expect(may(person([]), right, null)).toBe(false);
  });
});

describe('what is seen', () => {
  test.each<[string, Employee, readonly string[] | 'all']>([
    ['the own department', person(['author']), ['sales']],
    ['wider where granted, each once', person(['author'], { sees: ['risk', 'sales'] }), ['sales', 'risk']],
    ['all where granted', person(['viewer'], { sees: 'all' }), 'all'],
    ['all by an admin', person(['admin']), 'all'],
  ])('%s', (_what, employee, departments) => {
    expect(scopeOf(employee)).toEqual({ departments });
  });

  test('nothing outside of the scope', () => {
    expect([
      inScope({ departments: ['a'] }, 'a'),
      inScope({ departments: ['a'] }, 'b'),
      inScope({ departments: 'all' }, 'b'),
    ]).toEqual([true, false, true]);
  });
});

test.each([
  ['@Anna', 'anna'],
  [' anna.k-2 ', 'anna.k-2'],
  ['a', null],
  ['1anna', null],
  ['анна', null],
  ['an na', null],
  [`a${'b'.repeat(31)}`, null],
  ['', null],
])('the handle %j is %j', (text, handle) => {
  expect(parseHandle(text)).toBe(handle);
});
