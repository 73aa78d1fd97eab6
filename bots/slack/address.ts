/**
 * What Slack's ids look like to the rest of Herald: an account and a place, each with the workspace that it is in, since an id
 * alone does not say with which token it can be reached.
 */

/** `T1:U2`, or `E1:U2` where workspaces belong to an organisation: there a person has one id in all of them. */
export interface Account {
  readonly workspace: string;
  readonly user: string;
}

/** `T1:C2`, or `T1:C2:1700000000.000100` inside a thread. */
export interface Place {
  readonly workspace: string;
  /** A person stands for the private conversation with them: Slack takes one for the other in `chat.postMessage`. */
  readonly channel: string;
  readonly thread?: string | undefined;
}

export const accountOf = ({ workspace, user }: Account): string => `${workspace}:${user}`;

export const placeOf = ({ workspace, channel, thread }: Place): string =>
  [workspace, channel, ...(thread === undefined ? [] : [thread])].join(':');

export const isPerson = ({ channel }: Place): boolean => /^[UW]/u.test(channel);

export function readAccount(account: string): Account | null {
  const match = /^(?<workspace>[TE][A-Z0-9]+):(?<user>[UW][A-Z0-9]+)$/.exec(account)?.groups;
  return match ? { workspace: match.workspace!, user: match.user! } : null;
}

export function readPlace(place: string): Place | null {
  const match = /^(?<workspace>[TE][A-Z0-9]+):(?<channel>[CDGUW][A-Z0-9]+)(?::(?<thread>\d+\.\d+))?$/.exec(
    place,
  )?.groups;
  return match ? { workspace: match.workspace!, channel: match.channel!, thread: match.thread } : null;
}
