/** A time in a command: written so that it is read back as the same instant, on the clock of the person who presses it. */
import { DateTime } from 'luxon';
import type { Employee } from '../staff/employee.ts';

/** `2026-11-24 10:00 UTC+03:00`. */
export const writtenTime = (at: Date, zone: string): string =>
  DateTime.fromJSDate(at, { zone }).toFormat("yyyy-MM-dd HH:mm 'UTC'ZZ");

/** The command that stands for an option: `beginning` ends where the time goes, after `=` in quotes. */
export const startCommand =
  ({ zone }: Pick<Employee, 'zone'>, beginning: string) =>
  (at: Date): string => {
    const time = writtenTime(at, zone);
    return beginning.endsWith('=') ? `${beginning}"${time}"` : `${beginning} ${time}`;
  };
