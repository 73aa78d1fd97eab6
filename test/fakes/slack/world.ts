/** What Slack knows: workspaces, people, conversations and what was said there, views, files, tokens. All in memory, ids like Slack's. */
import { randomUUID } from 'node:crypto';
import type { Block, View } from './validity.ts';

export interface Person {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  isActive: boolean;
}

export interface Channel {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly isDirect: boolean;
  readonly members: Set<string>;
  isArchived: boolean;
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** Who wrote it; a bot is its user. */
  readonly user: string;
  readonly thread: string | undefined;
  /** Seen by this person alone. */
  readonly onlyFor: string | undefined;
  text: string;
  blocks: readonly Block[];
  metadata: unknown;
  files: readonly FileRecord[];
  unfurls: Readonly<Record<string, { readonly blocks: readonly Block[] }>>;
}

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly team: string;
}

/** A file that is on its way: an address was given out for it. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly team: string;
  bytes: Buffer | null;
}

export interface OpenView {
  readonly id: string;
  readonly user: string;
  readonly team: string;
  hash: string;
  view: View;
  errors: Readonly<Record<string, string>>;
}

export interface Token {
  readonly token: string;
  readonly team: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
  isRevoked: boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly enterprise: string | null;
  readonly botUser: string;
  readonly botId: string;
}

export interface World {
  readonly teams: Map<string, Team>;
  readonly people: Map<string, Person>;
  readonly channels: Map<string, Channel>;
  readonly messages: Message[];
  readonly views: Map<string, OpenView>;
  /** By person. */
  readonly homes: Map<string, OpenView>;
  readonly files: Map<string, FileRecord>;
  readonly uploads: Map<string, Upload>;
  readonly tokens: Map<string, Token>;
  newId(letter: string): string;
  /** Like all of Slack's: unique in a conversation, and in order. */
  newTs(): string;
  addTeam(name: string, enterprise?: string): Team;
  addPerson(team: Team, name: string): Person;
  addChannel(team: Team, name: string, members: readonly string[]): Channel;
  direct(team: string, user: string): Channel;
  message(fields: Partial<Message> & Pick<Message, 'channel' | 'user'>): Message;
}

export function createWorld(now: () => number): World {
  let ids = 0;
  // No two of them meet in one database with the same ids.
  const own = randomUUID().replaceAll('-', '').slice(0, 6).toUpperCase();
  let lastTs = 0;
  const world: World = {
    teams: new Map(),
    people: new Map(),
    channels: new Map(),
    messages: [],
    views: new Map(),
    homes: new Map(),
    files: new Map(),
    uploads: new Map(),
    tokens: new Map(),
    newId: (letter) => `${letter}${own}${(++ids).toString(36).toUpperCase().padStart(4, '0')}`,
    newTs() {
      lastTs = Math.max(lastTs + 1, Math.floor(now() * 1000));
      return `${Math.floor(lastTs / 1_000_000)}.${String(lastTs % 1_000_000).padStart(6, '0')}`;
    },
    addTeam(name, enterprise) {
      const team: Team = {
        id: world.newId('T'),
        name,
        enterprise: enterprise ?? null,
        botUser: world.newId('U'),
        botId: world.newId('B'),
      };
      world.teams.set(team.id, team);
      return team;
    },
    addPerson(team, name) {
      const person: Person = { id: world.newId('U'), team: team.id, name, isActive: true };
      world.people.set(person.id, person);
      return person;
    },
    addChannel(team, name, members) {
      const channel = newChannel(world, team.id, name, false, members);
      world.channels.set(channel.id, channel);
      return channel;
    },
    direct(team, user) {
      const known = [...world.channels.values()].find(
        (one) => one.isDirect && one.team === team && one.members.has(user),
      );
      if (known) return known;
      const channel = newChannel(world, team, '', true, [user, world.teams.get(team)!.botUser]);
      world.channels.set(channel.id, channel);
      return channel;
    },
    message(fields) {
      const message: Message = {
        ts: world.newTs(),
        thread: undefined,
        onlyFor: undefined,
        text: '',
        blocks: [],
        metadata: undefined,
        files: [],
        unfurls: {},
        ...fields,
      };
      world.messages.push(message);
      return message;
    },
  };
  return world;
}

const newChannel = (
  world: World,
  team: string,
  name: string,
  isDirect: boolean,
  members: readonly string[],
): Channel => ({
  id: world.newId(isDirect ? 'D' : 'C'),
  team,
  name,
  isDirect,
  members: new Set(members),
  isArchived: false,
});
