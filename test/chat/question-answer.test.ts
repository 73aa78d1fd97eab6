import { expect, test } from 'vitest';
import type { Question } from '../../src/audiences/questions.ts';
import { answerTo } from '../../src/chat/question-answer.ts';

const tab: Question = {
  kind: 'tab',
  options: [
    { name: 'Moscow', rows: 10, hidden: false },
    { name: '1', rows: 20, hidden: false },
  ],
};
const header: Question = {
  kind: 'header',
  guess: 3,
  rows: [
    { number: 1, texts: ['List'] },
    { number: 3, texts: ['Phone'] },
  ],
};
const phone: Question = {
  kind: 'phone-column',
  options: [
    { name: 'Телефон', example: '1' },
    { name: 'Телефон 2', example: '2' },
  ],
};
const none: Question = { kind: 'no-phone-column', columns: ['Name', 'Contact'] };
const hidden: Question = { kind: 'hidden-rows', count: 3, filtered: true };

test.each([
  [tab, 'moscow', { tab: 'Moscow' }],
  [tab, '1', { tab: '1' }], // its name, and not the first
  [tab, '3', null],
  [tab, 'Omsk', null],
  [header, '3', { headerRow: 3 }],
  [header, 'row 3', { headerRow: 3 }],
  [header, 'строка 1', { headerRow: 1 }],
  [header, '2', null],
  [header, 'нет', { headerRow: 0 }],
  [header, 'the blue one', null],
  [phone, 'телефон2', { phoneColumn: 'Телефон 2' }],
  [phone, '2', { phoneColumn: 'Телефон 2' }],
  [phone, 'email', null],
  [none, 'Contact', { phoneColumn: 'Contact' }],
  [none, 'phone', null],
  [hidden, 'take', { hiddenRows: 'take' }],
  [hidden, 'Нет', { hiddenRows: 'leave-out' }],
  [hidden, 'maybe', null],
] as const)('%j is answered by %j', (question, said, answers) => {
  expect(answerTo(question, said)).toEqual(answers);
});
