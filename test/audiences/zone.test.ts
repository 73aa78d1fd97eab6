import { IANAZone } from 'luxon';
import { describe, expect, test } from 'vitest';
import { zoneFrom } from '../../src/audiences/zone.ts';

describe('a zone is read from', () => {
  test.each([
    ['Europe/Moscow', 'Europe/Moscow'],
    ['asia/yekaterinburg', 'Asia/Yekaterinburg'],
    ['America/Argentina/Ushuaia', 'America/Argentina/Ushuaia'],
    ['Etc/GMT-5', 'Etc/GMT-5'],
    ['US/Eastern', 'America/New_York'],
    ['МСК', 'Europe/Moscow'],
    ['msk', 'Europe/Moscow'],
    ['МСК+2', 'Asia/Yekaterinburg'],
    ['MSK-1', 'Europe/Kaliningrad'],
    ['МСК +7 ч', 'Asia/Vladivostok'],
    ['мск−1', 'Europe/Kaliningrad'],
    ['MSK+9', 'Asia/Kamchatka'],
    ['UTC', 'Etc/UTC'],
    ['Z', 'Etc/UTC'],
    ['GMT+0', 'Etc/UTC'],
    ['UTC+5', 'Etc/GMT-5'],
    ['UTC +05:00', 'Etc/GMT-5'],
    ['GMT+03:00', 'Etc/GMT-3'],
    ['GMT-8', 'Etc/GMT+8'],
    ['+05:00', 'Etc/GMT-5'],
    ['+0500', 'Etc/GMT-5'],
    ['UTC+14', 'Etc/GMT-14'],
    ['Москва', 'Europe/Moscow'],
    ['г. Екатеринбург', 'Asia/Yekaterinburg'],
    ['Свердловская область', 'Asia/Yekaterinburg'],
    ['Кировская обл.', 'Europe/Kirov'],
    ['Республика', null],
    ['Пермский край', 'Asia/Yekaterinburg'],
    ['Южно-Сахалинск', 'Asia/Sakhalin'],
    ['Санкт-Петербург', 'Europe/Moscow'],
    ['St. Petersburg', 'Europe/Moscow'],
    ['Novosibirsk', 'Asia/Novosibirsk'],
    ['Забайкальский край', 'Asia/Chita'],
    ['Амурская область', 'Asia/Yakutsk'],
    ['Екатеринбург (МСК+2)', 'Asia/Yekaterinburg'],
    ['(UTC+05:00) Екатеринбург', 'Asia/Yekaterinburg'],
    ['Где-то (UTC+7)', 'Etc/GMT-7'],
  ])('%s', (text, zone) => {
    expect(zoneFrom(text)).toBe(zone);
  });
});

describe('nothing is guessed from', () => {
  test.each([
    '',
    ' ',
    '3',
    '+3',
    '-5',
    'UTC+5:30',
    'UTC+15',
    'UTC-13',
    'МСК+12',
    'Z+3',
    'Mars/Phobos',
    'Кировск',
    'Амурск',
    'Париж',
    'завтра',
    'UTC+5+3',
  ])('"%s"', (text) => {
    expect(zoneFrom(text)).toBeNull();
  });
});

test('what is read is a zone that can be reckoned with', () => {
  for (let offset = -12; offset <= 14; offset++) {
    const zone = zoneFrom(`UTC${offset < 0 ? '' : '+'}${offset}`)!;
    expect(IANAZone.isValidZone(zone)).toBe(true);
    expect(IANAZone.create(zone).offset(0) / 60).toBe(offset);
  }
  for (let ahead = -1; ahead <= 9; ahead++) {
    const zone = IANAZone.create(zoneFrom(`МСК${ahead < 0 ? '' : '+'}${ahead}`)!);
    expect(zone.offset(Date.UTC(2026, 10, 25)) / 60).toBe(3 + ahead);
  }
});
