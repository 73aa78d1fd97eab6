/** Reads an answer of the gateway by the account's own table. Pure. */
import type { SendOutcome } from '../../../src/dispatch/provider.ts';
import { asText, at, type Fields, fieldsOf } from './fields.ts';
import type { GatewayAnswer } from './gateway.ts';
import { accepted, detailOf, isSuccess, meaningOfStatus, outcomeWith, plainId, unknown } from './meaning.ts';
import type { HttpSettings, Match } from './settings.ts';

export function outcomeOf(answer: GatewayAnswer, settings: HttpSettings['answer'], now: Date): SendOutcome {
  const fields = fieldsOf(answer.body);
  const detail = detailOf(answer, settings.detail === undefined ? null : asText(at(fields, settings.detail)));
  const named = settings.outcomes.find(({ when }) => matches(when, answer.status, fields));
  if (named) return outcomeWith(named, detail, answer, now);
  if (!isSuccess(answer) || !matches(settings.accepted, answer.status, fields))
    return outcomeWith(meaningOfStatus(answer.status), detail, answer, now);
  const ids = idsAt(fields, settings.id);
  if (ids.length > 0) return accepted(...ids);
  return outcomeWith(unknown('operator-error'), `${detail}: no id at ${settings.id}`, answer, now);
}

function matches({ status, path, in: words }: Match, got: number, fields: Fields): boolean {
  if (status && !status.includes(got)) return false;
  if (path === undefined) return true;
  const found = asText(at(fields, path));
  if (found === null) return false;
  return !words || words.includes(found);
}

function idsAt(fields: Fields, path: string): readonly string[] {
  const found = at(fields, path);
  const ids = (Array.isArray(found) ? found : [found]).map((one) => plainId(asText(one)));
  return ids.every((id) => id !== null) ? ids : [];
}
