/** Who may decide: four eyes, deputies, rules. */
import { describe, expect, test } from 'vitest';
import { type ApprovalRule, approvalsNeeded, authorityOf, rulesFor } from '../../src/campaigns/approvers.ts';
import type { Campaign } from '../../src/campaigns/campaign.ts';
import type { Employee } from '../../src/staff/employee.ts';
import { draft, frozenRun, submissionOf } from '../chat/cards/samples.ts';
import { employeeOf } from '../support/employee.ts';
import { MONDAY } from './desk.ts';

const base = draft('en');
const campaign = (fields: Partial<Campaign> = {}): Campaign => ({
  ...base,
  state: 'submitted',
  createdBy: 'author',
  editedBy: 'editor',
  editors: ['author', 'writer', 'editor'],
  submission: { ...submissionOf(base), by: 'submitter' },
  ...fields,
});
const approver = (id: string, fields: Partial<Employee> = {}): Employee => ({
  ...employeeOf(id, ['approver']),
  ...fields,
});
const clerk = employeeOf('clerk', ['viewer']);
const given = (by: string, inPlaceOf: string | null = null) => ({ approvals: [{ by, inPlaceOf, at: MONDAY }] });

test.each<[string, Employee, Employee[], Partial<Campaign>, string]>([
  ['an approver may', approver('boss'), [], {}, 'may'],
  ['the author may not', approver('author'), [], {}, 'own-campaign'],
  ['the last editor may not', approver('editor'), [], {}, 'own-campaign'],
  ['who wrote it in between may not', approver('writer'), [], {}, 'own-campaign'],
  ['who submitted it may not', approver('submitter'), [], {}, 'own-campaign'],
  ['the author may not as a deputy', approver('author'), [approver('boss')], {}, 'own-campaign'],
  ['a viewer may not', clerk, [], {}, 'not-an-approver'],
  ['an admin may not', employeeOf('root', ['admin']), [], {}, 'not-an-approver'],
  ['another department’s approver may not', approver('far', { department: 'legal' }), [], {}, 'not-an-approver'],
  ['one who sees the department may', approver('far', { department: 'legal', sees: ['sales'] }), [], {}, 'may'],
  ['one who has left may not', approver('gone', { active: false }), [], {}, 'not-an-approver'],
  ['a deputy may', clerk, [approver('boss')], {}, 'may for boss'],
  ['a deputy who has left may not', { ...clerk, active: false }, [approver('boss')], {}, 'not-an-approver'],
  ['the author’s deputy may not', clerk, [approver('author')], {}, 'not-an-approver'],
  ['the deputy of one who has left may not', clerk, [approver('gone', { active: false })], {}, 'not-an-approver'],
  ['the second of two whom one stands for', clerk, [approver('author'), approver('boss')], {}, 'may for boss'],
  ['nobody decides twice', approver('boss'), [], given('boss'), 'decided-already'],
  ['nobody decides twice, once as a deputy', clerk, [approver('boss')], given('clerk', 'other'), 'decided-already'],
  ['nobody decides after the own deputy', approver('boss'), [], given('clerk', 'boss'), 'decided-already'],
  ['a deputy does not decide after the principal', clerk, [approver('boss')], given('boss'), 'not-an-approver'],
  ['two deputies of one do not both decide', clerk, [approver('boss')], given('x', 'boss'), 'not-an-approver'],
])('%s', (_what, who, principals, fields, expected) => {
  const authority = authorityOf(campaign({ department: 'sales', ...fields }), who, principals, []);
  const said =
    authority.kind === 'may-not' ? authority.why : authority.inPlaceOf ? `may for ${authority.inPlaceOf}` : 'may';
  expect(said).toBe(expected);
});

describe('a rule applies', () => {
  const run = frozenRun('en', { messages: 1000, ceiling: 5_000_000 });
  test.each<[string, Omit<ApprovalRule, 'needed'>, boolean]>([
    ['always when it names nothing', {}, true],
    ['to its department', { department: 'sales' }, true],
    ['to no other department', { department: 'legal' }, false],
    ['to its class', { class: 'marketing' }, true],
    ['to no other class', { class: 'service' }, false],
    ['above so many people', { abovePeople: 999 }, true],
    ['not at so many people', { abovePeople: 1000 }, false],
    ['above such a cost', { aboveCost: 4_999_999 }, true],
    ['not at such a cost', { aboveCost: 5_000_000 }, false],
    ['only when all is true', { class: 'marketing', abovePeople: 1000 }, false],
  ])('%s', (_what, rule, applies) => {
    const found = rulesFor(campaign({ department: 'sales', frozen: run }), [{ ...rule, needed: 2 }]);
    expect(found.length).toBe(applies ? 1 : 0);
  });
});

test('the rule that asks for most counts, and one approval is needed at least', () => {
  expect(approvalsNeeded(campaign(), [])).toBe(1);
  expect(approvalsNeeded(campaign(), [{ needed: 2 }, { needed: 3 }, { class: 'service', needed: 5 }])).toBe(3);
});

test('where approvers are named, only they and their deputies decide', () => {
  const rules = [{ approvers: ['boss'], needed: 1 }];
  const mine = campaign({ department: 'sales' });
  expect(authorityOf(mine, approver('boss'), [], rules).kind).toBe('may');
  expect(authorityOf(mine, approver('other'), [], rules).kind).toBe('may-not');
  expect(authorityOf(mine, approver('other'), [approver('boss')], rules)).toEqual({ kind: 'may', inPlaceOf: 'boss' });
});
