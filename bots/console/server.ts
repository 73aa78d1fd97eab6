/**
 * The console's end in the service: commands come by HTTP from this machine, each with the person's own token. A token is kept
 * as its hash only, and an unknown one is a stranger's, who may ask for access like any other.
 */
import type { Express, Request, RequestHandler, Response } from 'express';
import { jsonBody } from '../../src/platform/http.ts';
import type { Log } from '../../src/platform/log.ts';
import type { Card } from '../../src/staff/card.ts';
import type { ChatEvent } from '../../src/staff/surface.ts';
import type { Locale } from '../../src/texts/index.ts';

export const CONSOLE = 'console';

/** What the console asks of the rest of Herald. */
export interface ConsoleDesk {
  handle(event: ChatEvent): Promise<Card | null>;
  /** The employee whose account this is; null for a stranger. */
  person(account: string): Promise<{ readonly id: string; readonly locale: Locale } | null>;
  /** What waits for the employee and may be shown now. */
  notices(employee: string): Promise<readonly { readonly id: string; readonly card: Card }[]>;
  /** Shown notices are not shown again. */
  shown(ids: readonly string[]): Promise<void>;
  /** What an account is called: the hash of its token. */
  readonly tokenHash: (token: string) => string;
  /** The language of strangers. */
  readonly locale: Locale;
  readonly log: Log;
}

/** What is answered to `POST /console` and `GET /console/notices`. */
export interface ConsoleAnswer {
  readonly card: Card | null;
  readonly notices: readonly Card[];
  readonly locale: Locale;
}

/** Notices in one answer: the rest come with the next. */
const NOTICES = 20;

export function mountConsole(app: Express, desk: ConsoleDesk): void {
  app.post('/console', fromThisMachine, jsonBody, async (request, response) => {
    const account = accountOf(request, desk);
    const said = saidIn(request.body);
    if (account === null) return void response.status(401).json({ error: 'unauthorized' });
    if (said === null) return void response.status(400).json({ error: 'bad-request' });
    const card = await desk.handle({ surface: CONSOLE, account, ...said });
    await answer(desk, account, card, said.text, response);
  });
  app.get('/console/notices', fromThisMachine, async (request, response) => {
    const account = accountOf(request, desk);
    if (account === null) return void response.status(401).json({ error: 'unauthorized' });
    await answer(desk, account, null, '', response);
  });
}

async function answer(desk: ConsoleDesk, account: string, card: Card | null, text: string, response: Response) {
  const person = await desk.person(account);
  const waiting = person ? (await desk.notices(person.id)).slice(0, NOTICES) : [];
  const locale = person?.locale ?? (/\p{Script=Cyrillic}/u.test(text) ? 'ru' : desk.locale);
  // Only what went out whole was shown; what is lost on the way comes again.
  response.once('finish', () => {
    desk
      .shown(waiting.map((notice) => notice.id))
      .catch((err) => desk.log.warn({ err }, 'notices will be shown again'));
  });
  const answered: ConsoleAnswer = { card, notices: waiting.map((notice) => notice.card), locale };
  response.json(answered);
}

/** From this machine, and not through a proxy on it. */
const fromThisMachine: RequestHandler = (request, response, next) => {
  const address = request.socket.remoteAddress ?? '';
  const isNear = /^(?:::ffff:)?127\.|^::1$/u.test(address);
  const isPassedOn = request.get('forwarded') !== undefined || request.get('x-forwarded-for') !== undefined;
  if (isNear && !isPassedOn) return next();
  response.status(403).json({ error: 'forbidden' });
};

/** Shorter ones could be guessed. */
const SHORTEST_TOKEN = 32;

function accountOf(request: Request, { tokenHash }: ConsoleDesk): string | null {
  const token = /^Bearer ([\w-]+)$/u.exec(request.get('authorization') ?? '')?.[1] ?? '';
  return token.length >= SHORTEST_TOKEN ? tokenHash(token) : null;
}

type Said = Pick<ChatEvent, 'text' | 'conversation' | 'displayName'>;

function saidIn(body: unknown): Said | null {
  if (typeof body !== 'object' || body === null) return null;
  const { text, conversation = 'console', name = '' } = body as Record<string, unknown>;
  if (typeof text !== 'string' || typeof conversation !== 'string' || typeof name !== 'string') return null;
  return { text, conversation: conversation.slice(0, 100), displayName: name.slice(0, 100) };
}
