/**
 * A Dockerfile carried out in plain folders, for machines without Docker: every stage is a folder, COPY copies what `.dockerignore` lets
 * through, RUN runs in the shell. What it does not know it refuses, so that nothing passes by being overlooked.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, dirname, join, matchesGlob, posix, relative } from 'node:path';

export interface Image {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly base: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
}

type Stage = { -readonly [key in keyof Image]: Image[key] } & { name: string; env: Record<string, string> };

interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** Builds it below `folder` from the files in `context`; the last stage is the image. */
export function build(context: string, folder: string): Image {
  const stages: Stage[] = [];
  const ignored = ignoredBy(join(context, '.dockerignore'));
  for (const instruction of instructions(readFileSync(join(context, 'Dockerfile'), 'utf8'))) {
    console.log(`${instruction.word} ${instruction.rest}`);
    if (instruction.word === 'FROM') stages.push(stageFrom(instruction.rest, join(folder, String(stages.length))));
    else carryOut(instruction, stages, { context, ignored });
  }
  const last = stages.at(-1);
  if (!last) throw new Error('The Dockerfile has no FROM');
  return last;
}

/** Comments and continued lines as the Dockerfile reference says: a backslash at the end joins, `#` only begins a line. */
export function instructions(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  const joined = lines.join('\n').replace(/\\\n\s*/g, '');
  return joined
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [, word = '', rest = ''] = /^\s*(\w+)\s+(.*)$/.exec(line) ?? [];
      return { word: word.toUpperCase(), rest };
    });
}

/** A path is ignored as the last pattern says that matches it or a folder above it. */
export function ignoredBy(file: string): (path: string) => boolean {
  const patterns = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return (path) => {
    const parts = path.split(posix.sep);
    const above = parts.map((_, index) => parts.slice(0, index + 1).join(posix.sep));
    const matching = patterns.findLast((pattern) => above.some((part) => matchesGlob(part, pattern.replace(/^!/, ''))));
    return matching !== undefined && !matching.startsWith('!');
  };
}

function stageFrom(rest: string, root: string): Stage {
  const [, base = '', name = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? [];
  mkdirSync(root, { recursive: true });
  return { name, base, root, workdir: '/', env: {}, user: 'root', command: [], healthcheck: [] };
}

interface Context {
  readonly context: string;
  readonly ignored: (path: string) => boolean;
}

function carryOut({ word, rest }: Instruction, stages: readonly Stage[], from: Context): void {
  const stage = stages.at(-1);
  if (!stage) throw new Error(`${word} stands before FROM`);
  switch (word) {
    case 'WORKDIR':
      stage.workdir = posix.resolve(stage.workdir, rest);
      mkdirSync(join(stage.root, stage.workdir), { recursive: true });
      return;
    case 'ENV':
      for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S*)/g)) stage.env[name] = value;
      return;
    case 'COPY':
      copy(rest, stage, stages, from);
      return;
    case 'RUN':
      run(rest, stage);
      return;
    case 'USER':
      stage.user = rest;
      return;
    case 'CMD':
      stage.command = JSON.parse(rest);
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('CMD') + 'CMD'.length));
      return;
    case 'VOLUME':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`No one has taught this check what ${word} does`);
  }
}

function copy(rest: string, stage: Stage, stages: readonly Stage[], { context, ignored }: Context): void {
  const words = rest.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const source = from === undefined ? context : stages.find(({ name }) => name === from)?.root;
  if (source === undefined) throw new Error(`There is no stage ${from}`);

  const paths = words.filter((word) => !word.startsWith('--'));
  const target = join(stage.root, posix.resolve(stage.workdir, paths.at(-1) ?? '.'));
  for (const path of paths.slice(0, -1)) {
    const origin = join(source, path);
    const intoFolder = paths.at(-1)?.endsWith('/') ? join(target, basename(path)) : target;
    const filter = (file: string) => from !== undefined || !ignored(relative(context, file));
    if (!existsSync(origin) || !filter(origin)) throw new Error(`COPY finds no ${path}`);
    mkdirSync(dirname(intoFolder), { recursive: true });
    cpSync(origin, intoFolder, { recursive: true, filter, verbatimSymlinks: true });
  }
}

/** Owners cannot be given away here, so `chown` does nothing. */
function run(command: string, stage: Stage): void {
  const shims = `${stage.root}-shims`;
  mkdirSync(shims, { recursive: true });
  writeFileSync(join(shims, 'chown'), '#!/bin/sh\n');
  chmodSync(join(shims, 'chown'), 0o755);
  const { status } = spawnSync('sh', ['-e', '-c', command], {
    cwd: join(stage.root, stage.workdir),
    env: { ...process.env, ...stage.env, PATH: [shims, process.env.PATH].join(delimiter) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}`);
}
