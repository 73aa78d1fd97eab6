/** A typed answer to a question about a table: the name of an option, its number in the list, or a word for yes and no. Pure. */
import type { Answers, Question } from '../audiences/questions.ts';
import { columnOf } from '../messages/names.ts';
import { hiddenOf } from './fields.ts';
import { plainText } from './when-words.ts';

/** Null when it answers something else, or nothing. */
export function answerTo(question: Question, said: string): Answers | null {
  switch (question.kind) {
    case 'tab': {
      const tab = chosen(
        question.options.map((option) => option.name),
        said,
      );
      return tab === null ? null : { tab };
    }
    case 'phone-column': {
      const phoneColumn = chosen(
        question.options.map((option) => option.name),
        said,
      );
      return phoneColumn === null ? null : { phoneColumn };
    }
    case 'no-phone-column': {
      const phoneColumn = chosen(question.columns, said);
      return phoneColumn === null ? null : { phoneColumn };
    }
    case 'header': {
      if (/^(?:no|none|нет|0)$/u.test(plainText(said))) return { headerRow: 0 };
      const number = Number(/^\D{0,12}(\d{1,4})$/u.exec(plainText(said))?.[1] ?? Number.NaN);
      return question.rows.some((row) => row.number === number) ? { headerRow: number } : null;
    }
    case 'hidden-rows': {
      const read = hiddenOf(said);
      return read.value === undefined ? null : { hiddenRows: read.value };
    }
  }
}

/** By its name, else by its place: a column that is called "2" is meant by its name. */
function chosen(names: readonly string[], said: string): string | null {
  const named = columnOf(said.trim(), names);
  if (named !== null) return named;
  return /^\d{1,3}$/u.test(said.trim()) ? (names[Number(said) - 1] ?? null) : null;
}
