/** What Slack takes at most (docs.slack.dev/reference/block-kit and chat.postMessage); letters are UTF-16 units. */
export const LIMITS = {
  blocksInMessage: 50,
  blocksInView: 100,
  header: 150,
  button: 75,
  buttonLabel: 75,
  value: 2000,
  buttonsInBlock: 25,
  blockId: 255,
  contextText: 2000,
  /** Of a section; we hold rich text to it as well, for which no number is given. */
  section: 3000,
  /** Letters in all blocks of a message together: above some 13,000 Slack answers `msg_blocks_too_long`. */
  blocksText: 12_000,
  /** The text beside the blocks: longer ones are cut at 40,000, and 4,000 are advised. */
  text: 3900,
  viewTitle: 24,
  privateMetadata: 3000,
  inputLabel: 2000,
  placeholder: 150,
  optionLabel: 75,
  optionValue: 150,
  inputText: 3000,
} as const;

/** At most `most` UTF-16 units, never half a letter, and with a sign that something is left out. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let short = '';
  for (const letter of text) {
    if (short.length + letter.length > most - 1) break;
    short += letter;
  }
  return `${short}…`;
}

/** In pieces of at most `most` units, parted between lines, else between words, else between letters. */
export function pieces(text: string, most: number): readonly string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const head = rest.slice(0, most);
    const at = [head.lastIndexOf('\n'), head.lastIndexOf(' ')].find((end) => end > most / 2) ?? most - 1;
    const isHalf = /[\ud800-\udbff]/.test(rest[at]!);
    const end = at + (isHalf ? 0 : 1);
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...found, rest];
}
