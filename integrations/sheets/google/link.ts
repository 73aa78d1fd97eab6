/** Links that people copy from their browser: to a spreadsheet of Google's, or to any file in Drive. */

/** Ids in links have 33 or 44 characters; shorter ones are allowed for. */
const SPREADSHEET =
  /^https:\/\/docs\.google\.com\/(?:a\/[^/]+\/)?spreadsheets\/(?:u\/\d+\/)?d\/([\w-]{10,})(?:[/?#]|$)/;
const FILE =
  /^https:\/\/drive\.google\.com\/(?:a\/[^/]+\/)?(?:file\/(?:u\/\d+\/)?d\/|(?:u\/\d+\/)?open\?(?:[^#]*&)?id=)([\w-]{10,})(?:[/?#&]|$)/;

/** The id of the file that the link leads to; null when it is no such link. */
export const fileIdOf = (link: string): string | null => (SPREADSHEET.exec(link) ?? FILE.exec(link))?.[1] ?? null;
