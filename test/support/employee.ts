/** An employee as tests have them: of sales, in Moscow, with the roles that are named. */
import type { Employee, Role } from '../../src/staff/employee.ts';

export const employeeOf = (id: string, roles: readonly Role[], fields: Partial<Employee> = {}): Employee => ({
  id,
  name: id,
  department: 'sales',
  roles,
  sees: [],
  locale: 'en',
  zone: 'Europe/Moscow',
  active: true,
  phone: null,
  email: null,
  deputy: null,
  ...fields,
});
