/** Strangers, administrators, and what people set for themselves. */

import {
  accessRequestCard,
  employeeCard,
  phoneCard,
  settingsCard,
  staffListCard,
  strangerCard,
  welcomeCard,
} from '../../../../src/chat/cards/staff.ts';
import { staffColumnsCard, staffImportedCard } from '../../../../src/chat/cards/staff-import.ts';
import type { AccessRequest } from '../../../../src/staff/store.ts';
import type { Locale } from '../../../../src/texts/index.ts';
import * as sample from '../samples.ts';
import { type Chapter, shown } from './show.ts';

const { NOW, WORDING } = sample;

const STAFF_FILE = { en: 'staff.xlsx', ru: 'сотрудники.xlsx' } as const;
const STRANGE_ROLE = { en: 'king', ru: 'король' } as const;

const request = (locale: Locale): AccessRequest => ({
  id: '7f3a90c2-1d55-4a0e-9c3b-5f1f1c7f7a10',
  surface: 'console',
  account: 'x',
  name: WORDING[locale].names.anna,
  handle: 'anna',
  state: 'waiting',
  askedAt: NOW,
  answeredBy: null,
});

export const people: Chapter = {
  title: { en: 'People', ru: 'Сотрудники' },
  cards: [
    shown('Somebody unknown writes', 'Пишет незнакомый человек', (reader, locale) =>
      strangerCard({ company: WORDING[locale].company, waiting: false }, reader),
    ),
    shown('What the administrator is told', 'Что приходит администратору', (reader, locale) =>
      accessRequestCard({ request: request(locale), departments: [WORDING[locale].department] }, reader),
    ),
    shown('Let in', 'Доступ открыт', (reader, locale) =>
      welcomeCard({ employee: sample.employee(locale), company: WORDING[locale].company }, reader),
    ),
    shown('The own phone', 'Свой телефон', (reader) =>
      phoneCard({ kind: 'sent', phone: '+79161234567', validMs: 600_000 }, reader),
    ),
    shown('Settings', 'Настройки', (reader, locale) =>
      settingsCard({ employee: sample.employee(locale), names: sample.namesIn(locale) }, reader),
    ),
    shown('The staff', 'Список сотрудников', (reader, locale) =>
      staffListCard(
        {
          employees: [
            sample.employee(locale, { id: 'anna', name: WORDING[locale].names.anna, roles: ['admin', 'author'] }),
            sample.employee(locale),
            sample.employee(locale, { id: 'oleg', name: WORDING[locale].names.oleg, roles: ['approver'] }),
          ],
          mayChange: true,
        },
        reader,
      ),
    ),
    shown('A staff sheet was brought in', 'Сотрудники из таблицы', (reader, locale) =>
      staffImportedCard(
        {
          name: STAFF_FILE[locale],
          done: {
            added: 4,
            changed: 2,
            same: 11,
            kept: 1,
            viewers: 1,
            problems: [
              { row: 7, why: 'bad-role', said: STRANGE_ROLE[locale] },
              { row: 12, why: 'no-department', said: 'oleg' },
              { row: 15, why: 'last-admin', said: 'anna' },
            ],
          },
          hidden: 2,
        },
        reader,
      ),
    ),
    shown('A staff sheet without all columns', 'Таблица без нужных столбцов', (reader, locale) =>
      staffColumnsCard({ name: STAFF_FILE[locale], missing: ['department', 'roles'], twice: [] }, reader),
    ),
    shown('Somebody was added without a word of roles', 'Добавлен сотрудник, роли не названы', (reader, locale) =>
      employeeCard(
        {
          employee: sample.employee(locale, { roles: ['viewer'] }),
          mayChange: true,
          done: 'added',
          rolesUnsaid: true,
        },
        reader,
      ),
    ),
    shown('A role was given', 'Роль изменена', (reader, locale) =>
      employeeCard(
        { employee: sample.employee(locale, { roles: ['author', 'approver'] }), mayChange: true, done: 'changed' },
        reader,
      ),
    ),
  ],
};
