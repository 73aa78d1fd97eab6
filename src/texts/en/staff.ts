/** Employees, their roles, and their enrolment. */
export const staff = {} as const;
