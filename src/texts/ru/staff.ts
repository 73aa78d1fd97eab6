/** Сотрудники, их роли и приём в число пользователей. */
import type { Russian } from '../catalogue.ts';
import type { staff as english } from '../en/staff.ts';

export const staff = {} as const satisfies Russian<typeof english>;
