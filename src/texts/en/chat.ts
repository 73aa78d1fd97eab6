/** What commands and forms say. */
export const chat = {} as const;
