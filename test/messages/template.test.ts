import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { checkVariables, parseTemplate, type Template } from '../../src/messages/template.ts';

function template(source: string): Template {
  const read = parseTemplate(source);
  if (read.kind === 'errors') throw new Error(JSON.stringify(read.errors));
  return read.template;
}

function errors(source: unknown) {
  const read = parseTemplate(source as string);
  if (read.kind === 'template') throw new Error(`taken: ${String(source).slice(0, 80)}`);
  return read.errors;
}

describe('rendering', () => {
  it.each([
    ['plain text', 'Hello', {}, 'Hello'],
    ['a variable', 'Hi {{name}}!', { name: 'Ann' }, 'Hi Ann!'],
    ['nothing escaped', '{{name}}', { name: "O'Brien & Co <b>" }, "O'Brien & Co <b>"],
    ['three braces like two', '{{{a}}} {{&a}}', { a: '<' }, '< <'],
    ['a name of two words', '{{[Имя клиента]}}', { 'Имя клиента': 'Анна' }, 'Анна'],
    ['names with dots in brackets', '{{[a.b]}}', { 'a.b': '1' }, '1'],
    ['a name like a keyword', '{{[this]}} {{log}} {{[if]}}', { this: '1', log: '2', if: '3' }, '1 2 3'],
    ['another case', '{{ИМЯ}}', { Имя: 'Анна' }, 'Анна'],
    ['another spacing', '{{[Имя клиента]}}', { ' имяКлиента': 'Анна' }, 'Анна'],
    ['the exact spelling first', '{{name}}', { Name: '1', name: '2' }, '2'],
    ['an empty exact column before a similar one', '{{name}}', { Name: '1', name: '' }, ''],
    ['a missing value as nothing', 'a{{b}}c', {}, 'ac'],
    ['values that look like templates as they are', '{{a}}', { a: '{{b}}', b: 'no' }, '{{b}}'],
    ['escaped braces', '\\{{a}}', { a: '1' }, '{{a}}'],
    ['comments left out', 'a{{! secret }}b{{!-- }} --}}c', {}, 'abc'],
    ['whitespace control', 'a  {{~b~}}  c', { b: '-' }, 'a-c'],
    ['lines of their own for blocks', 'a\n{{#if b}}\nb\n{{/if}}\nc', { b: '1' }, 'a\nb\nc'],
    ['if with a value', '{{#if a}}yes{{else}}no{{/if}}', { a: 'x' }, 'yes'],
    ['if with zero, which is a value', '{{#if a}}yes{{else}}no{{/if}}', { a: '0' }, 'yes'],
    ['if without', '{{#if a}}yes{{else}}no{{/if}}', { a: '' }, 'no'],
    ['if with spaces alone', '{{#if a}}yes{{else}}no{{/if}}', { a: ' \u00a0' }, 'no'],
    ['if without a column', '{{#if a}}yes{{/if}}', {}, ''],
    ['unless', '{{#unless a}}no{{else}}{{a}}{{/unless}}', { a: 'x' }, 'x'],
    ['else if', '{{#if a}}1{{else if b}}2{{else}}3{{/if}}', { b: 'x' }, '2'],
    ['else unless', '{{#if a}}1{{else unless b}}2{{/if}}', {}, '2'],
    ['the inverse block', '{{^if a}}none{{/if}}', {}, 'none'],
  ] as const)('gives %s', (_what, source, values, text) => {
    expect(template(source).render(values)).toBe(text);
    expect(template(source).render(new Map(Object.entries(values)))).toBe(text);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', '__defineGetter__'])(
    'reads a column called %s from the row, and nothing from its prototype',
    (name) => {
      const { render } = template(`<{{[${name}]}}>{{#if [${name}]}}yes{{/if}}`);
      expect(render({})).toBe('<>');
      expect(render(new Map())).toBe('<>');
      expect(render(new Map([[name, 'mine']]))).toBe('<mine>yes');
      expect(render(JSON.parse(`{"${name}":"mine"}`))).toBe('<mine>yes');
      expect(render(Object.create({ [name]: 'inherited' }))).toBe('<>');
    },
  );

  it('means what Handlebars means', () => {
    const name = fc.constantFrom('a', 'b', '[c d]', 'имя');
    const text = fc.constantFrom('x', ' ', '\n', '& ', "'");
    const tilde = fc.constantFrom('', '', '~');
    const { source } = fc.letrec<{ source: string; node: string }>((tie) => ({
      source: fc.array(tie('node'), { maxLength: 6 }).map((nodes) => nodes.join('')),
      node: fc.oneof(
        { depthSize: 'small', maxDepth: 3 },
        text,
        fc.tuple(tilde, name, tilde).map(([l, n, r]) => `{{${l}${n}${r}}}`),
        fc.constant('{{! note }}'),
        fc
          .tuple(fc.constantFrom('if', 'unless'), tilde, name, tie('source'), tie('source'))
          .map(([kind, t, n, then, other]) => `{{#${kind} ${n}${t}}}${then}{{else}}${other}{{${t}/${kind}}}`),
      ),
    }));
    const value = fc.constantFrom('', 'v', '<&>', '0');
    const row = fc.record({ a: value, b: value, 'c d': value, имя: value }, { noNullPrototype: true });
    fc.assert(
      fc.property(source, row, (written, values) => {
        const theirs = Handlebars.compile(written, { noEscape: true });
        expect(template(written).render(values)).toBe(theirs(values));
      }),
    );
  });
});

describe('the variables of a template', () => {
  it('are listed once, in the order of first use, conditions included', () => {
    const { variables } = template('{{b}} {{#if [c d]}}{{a}}{{/if}} {{b}} {{B}}');
    expect(variables).toEqual(['b', 'c d', 'a']);
  });

  it.each([
    ['{{a}}', ['a']],
    ['{{#if a}}{{a}}{{/if}}', []],
    ['{{#if a}}{{A}}{{/if}}', []],
    ['{{#if a}}{{a}}{{/if}}{{a}}', ['a']],
    ['{{#if a}}{{b}}{{/if}}', ['b']],
    ['{{#if a}}{{else}}{{a}}{{/if}}', ['a']],
    ['{{#unless a}}{{else}}{{a}}{{/unless}}', []],
    ['{{#unless a}}{{a}}{{/unless}}', ['a']],
    ['{{#if a}}{{#if b}}{{a}}{{b}}{{/if}}{{/if}}', []],
    ['{{#if a}}x{{else if b}}{{b}}{{/if}}', []],
  ])('of %s that a row must have are %j', (source, required) => {
    expect(template(source).required).toEqual(required);
  });

  it('that are no columns are named with their place and the nearest column', () => {
    const written = template('Hi {{ИМЯ}},\n{{нмоер}} {{#if скидка}}{{скидка}}{{/if}}');
    expect(checkVariables(written, ['Имя ', 'Номер'])).toEqual([
      { variable: 'нмоер', nearest: 'Номер', required: true, line: 2, column: 1 },
      { variable: 'скидка', nearest: null, required: false, line: 2, column: 11 },
    ]);
    expect(checkVariables(written, ['имя', 'НМОЕР', 'Ски дка'])).toEqual([]);
  });

  it('keep the source that was written', () => {
    expect(template('Hi {{ a }}').source).toBe('Hi {{ a }}');
  });
});

describe('what Handlebars can do and a template may not', () => {
  it.each([
    '{{#each a}}{{/each}}',
    '{{#with a}}{{/with}}',
    '{{#a}}{{/a}}',
    '{{^a}}{{/a}}',
    '{{lookup a b}}',
    '{{lookup a "b"}}',
    '{{log a}}',
    '{{if a b}}',
    '{{helperMissing a}}',
    '{{a b=c}}',
    '{{a "b"}}',
    '{{a (b c)}}',
    '{{> a}}',
    '{{> (lookup a b)}}',
    '{{#> a}}{{/a}}',
    '{{#*inline "a"}}{{/inline}}',
    '{{* a}}',
    '{{this}}',
    '{{.}}',
    '{{this.a}}',
    '{{./a}}',
    '{{../a}}',
    '{{a.b}}',
    '{{a/b}}',
    '{{a.[b]}}',
    '{{@root}}',
    '{{@index}}',
    '{{1}}',
    '{{"a"}}',
    '{{true}}',
    '{{null}}',
    '{{undefined}}',
    '{{[]}}',
    '{{[ ]}}',
    '{{#if}}{{/if}}',
    '{{#if a b}}{{/if}}',
    '{{#if a includeZero=true}}{{/if}}',
    '{{#if (a b)}}{{/if}}',
    '{{#if "a"}}{{/if}}',
    '{{#if 1}}{{/if}}',
    '{{#if this}}{{/if}}',
    '{{#if @root}}{{/if}}',
    '{{#if a.b}}{{/if}}',
    '{{#if a as |b|}}{{/if}}',
    '{{#if a}}x{{else each b}}{{/if}}',
    '{{{{if a}}}}{{{{/if}}}}',
    '{{{{raw}}}}{{{{/raw}}}}',
    '{{constructor.constructor}}',
    '{{__proto__.polluted}}',
    '{{#with "s" as |string|}}{{#with "e"}}{{/with}}{{/with}}',
    '{{a/../b}}',
  ])('includes %s', (source) => {
    expect(errors(source).map(({ code }) => code)).toContain('not-allowed');
  });

  it('is told all at once, each with its place and tag', () => {
    expect(errors('{{> a}} ok\n  {{#if x}}{{log y}}{{/if}}{{@z}}')).toEqual([
      { code: 'not-allowed', line: 1, column: 1, detail: '{{> a}}' },
      { code: 'not-allowed', line: 2, column: 12, detail: '{{log y}}' },
      { code: 'not-allowed', line: 2, column: 28, detail: '{{@z}}' },
    ]);
  });

  it('does not include names of two words, for which the brackets are suggested', () => {
    expect(errors('Hi {{Имя клиента VIP}}')).toEqual([
      { code: 'needs-brackets', line: 1, column: 4, detail: '{{[Имя клиента VIP]}}' },
    ]);
    expect(errors('{{#if a}}{{First Name}}{{/if}}')[0]?.detail).toBe('{{[First Name]}}');
  });
});

describe('a template that cannot be read', () => {
  it.each([
    ['a block without its end', 'Hi\n {{#if a}}x', 'not-closed', 2, 2],
    ['the inner of two blocks without their ends', '{{#if a}}{{#if b}}{{/if}}x', 'not-closed', 1, 1],
    ['a tag without its end', 'Hi {{name', 'not-closed', 1, 4],
    ['a tag with half its end', 'Hi {{name}', 'not-closed', 1, 4],
    ['a comment without its end', 'Hi\n{{!-- a', 'not-closed', 2, 1],
    ['an empty tag', 'Hi {{}}', 'syntax', 1, 6],
    ['an end without a beginning', 'Hi {{/if}}', 'syntax', 1, 4],
    ['an else alone', '{{else}}', 'syntax', 1, 1],
    ['a bracket without its end', 'x {{[a}} y', 'syntax', 1, 5],
    ['a hash without a value', 'a text of more than twenty letters\n{{b}} and more {{foo bar=}}, end', 'syntax', 2, 26],
    ['another end than beginning', 'Hi {{#if a}}x{{/unless}}', 'mismatched', 1, 7],
  ])('has %s, and says where', (_what, source, code, line, column) => {
    expect(errors(source)).toEqual([{ code, line, column }]);
  });

  // CVE-2026-33937 and its bypass CVE-2026-106446: Handlebars takes a syntax tree where a source is expected, and
  // what is in the tree becomes code.
  it.each([
    ['a syntax tree', Handlebars.parse('{{a}}')],
    ['a syntax tree from JSON', JSON.parse(JSON.stringify(Handlebars.parse('{{a}}')))],
    [
      'a tree with code in a literal',
      {
        type: 'Program',
        body: [{ type: 'MustacheStatement', path: { type: 'NumberLiteral', value: 'process.exit()' } }],
      },
    ],
    ['an array', ['{{a}}']],
    ['a String object', new String('{{a}}')],
    ['an object that says it is a string', { toString: () => '{{a}}', length: 5 }],
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
  ])('is %s', (_what, source) => {
    expect(errors(source)).toEqual([{ code: 'not-text', line: 1, column: 1 }]);
  });

  it('is longer than 4,000 characters', () => {
    expect(errors('a'.repeat(4001))).toEqual([{ code: 'too-long', line: 1, column: 1, detail: '4000' }]);
    expect(errors('a'.repeat(1_000_000))[0]?.code).toBe('too-long');
    expect(errors('{{#if a}}'.repeat(20_000))[0]?.code).toBe('too-long');
    expect(template('a'.repeat(4000)).render({})).toHaveLength(4000);
  });

  it('is nested deeper than five levels', () => {
    const nested = (depth: number): string => `${'{{#if a}}'.repeat(depth)}x${'{{/if}}'.repeat(depth)}`;
    expect(template(nested(5)).render({ a: '1' })).toBe('x');
    expect(errors(nested(6))).toEqual([{ code: 'too-deep', line: 1, column: 46, detail: '5' }]);
    expect(errors(nested(240))[0]?.code).toBe('too-deep');
  });

  it('is not a long chain of else if, which is one level for its reader', () => {
    const chain = `{{#if a}}1${'{{else if b}}2'.repeat(20)}{{else}}3{{/if}}`;
    expect(template(chain).render({})).toBe('3');
  });

  it('is any text at all, and never an exception', () => {
    const pieces = [
      '{{',
      '}}',
      '{{{',
      '}}}',
      '#if a',
      '/if',
      '{{else}}',
      '[',
      ']',
      '!--',
      '~',
      '\\',
      '"',
      '\n',
      'a',
      ' ',
      '{{a}}',
      '{{#if a}}',
      '{{/if}}',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (some) => {
        const source = some.join('');
        const read = parseTemplate(source);
        if (read.kind === 'template') return void read.template.render({ a: 'x' });
        const lines = source.split('\n');
        for (const { line, column } of read.errors) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
