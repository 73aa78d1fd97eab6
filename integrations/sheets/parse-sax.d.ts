/** Types for the XML reader inside exceljs 4.4.0 (a wrapping of saxes): it yields the events of each chunk together. */
declare module 'exceljs/lib/utils/parse-sax.js' {
  interface Tag {
    name: string;
    attributes: Record<string, string>;
  }
  type SaxEvent =
    | { eventType: 'opentag'; value: Tag }
    | { eventType: 'closetag'; value: Tag }
    | { eventType: 'text'; value: string };
  /** Chunks must be strings: of bytes it would break letters that lie across two chunks. */
  export default function parseSax(chunks: AsyncIterable<string>): AsyncGenerator<SaxEvent[]>;
}
