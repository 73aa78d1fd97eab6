/** Google's field masks, `sheets(properties(title,index),data/rowData)`: an answer cut to what was asked for. */

type Mask = Map<string, Mask | null>;

export function masked(answer: unknown, fields: string | null): unknown {
  return fields === null ? answer : cut(answer, parse(fields));
}

function cut(value: unknown, mask: Mask | null): unknown {
  if (mask === null || mask.has('*')) return value;
  if (Array.isArray(value)) return value.map((one) => cut(one, mask));
  if (value === null || typeof value !== 'object') return value;
  const kept: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    const inner = mask.get(name);
    if (inner !== undefined && one !== undefined) kept[name] = cut(one, inner);
  }
  return kept;
}

function parse(text: string): Mask {
  let at = 0;
  function list(): Mask {
    const mask: Mask = new Map();
    for (;;) {
      const name = /^[\w*]+/.exec(text.slice(at))?.[0];
      if (name === undefined) throw new Error(`bad field mask at ${at}: ${text}`);
      at += name.length;
      mask.set(name, below());
      if (text[at] !== ',') return mask;
      at += 1;
    }
  }
  function below(): Mask | null {
    if (text[at] === '/' || text[at] === '.') {
      at += 1;
      const name = /^[\w*]+/.exec(text.slice(at))![0];
      at += name.length;
      return new Map([[name, below()]]);
    }
    if (text[at] !== '(') return null;
    at += 1;
    const inner = list();
    at += 1;
    return inner;
  }
  const mask = list();
  if (at < text.length) throw new Error(`bad field mask at ${at}: ${text}`);
  return mask;
}
