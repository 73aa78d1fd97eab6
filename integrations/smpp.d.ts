/**
 * Types for the part of the untyped package `smpp` 0.5.1 that Herald uses: minimal, and true to what its source does
 * rather than to what its README says. Import the default only (`import smpp from 'smpp'`): most of the package's names
 * are assigned in loops, which Node cannot see as named exports. The types are importable by name.
 */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';

  /** What a short message reads as: the package decodes it by `data_coding`, and leaves bytes that it cannot decode. */
  export interface DecodedMessage {
    /** The information elements of the user data header, without the header's own length byte. */
    udh?: Buffer[];
    message: string | Buffer;
  }

  /** What may be given as `short_message` and `message_payload`; a Buffer goes out as it is. */
  export type MessageBody = string | Buffer | { udh?: Buffer; message: string | Buffer };

  /** Mandatory parameters of submit_sm and deliver_sm (SMPP 3.4, 4.4.1 and 4.6.1); what is left out is 0 or empty. */
  export interface MessageFields {
    service_type?: string;
    source_addr_ton?: number;
    source_addr_npi?: number;
    source_addr?: string;
    dest_addr_ton?: number;
    dest_addr_npi?: number;
    destination_addr?: string;
    esm_class?: number;
    protocol_id?: number;
    priority_flag?: number;
    /** Encoded from a Date or passed as it is; decoded to a Date. */
    schedule_delivery_time?: string | Date;
    validity_period?: string | Date;
    registered_delivery?: number;
    replace_if_present_flag?: number;
    /** Give it always: when it is left out, the package guesses, and calls the GSM alphabet 1 instead of 0. */
    data_coding?: number;
    sm_default_msg_id?: number;
    short_message?: MessageBody;
  }

  /** Optional parameters, TLV (SMPP 3.4, 5.3.2), those that Herald reads or writes. */
  export interface Tlvs {
    user_message_reference?: number;
    sar_msg_ref_num?: number;
    sar_total_segments?: number;
    sar_segment_seqnum?: number;
    message_payload?: MessageBody;
    receipted_message_id?: string;
    message_state?: number;
    network_error_code?: Buffer;
    sc_interface_version?: number;
  }

  export interface BindFields {
    system_id?: string;
    password?: string;
    system_type?: string;
    /** 0x50 unless told, so say 0x34 for SMPP 3.4. */
    interface_version?: number;
    addr_ton?: number;
    addr_npi?: number;
    address_range?: string;
  }

  export interface HeaderFields {
    /** Anything but 0 leaves the body out. */
    command_status?: number;
    /** Requests are numbered by the session when this is 0 or left out. */
    sequence_number?: number;
  }

  export type PduFields = HeaderFields & MessageFields & Tlvs & BindFields & { message_id?: string };

  /** A PDU received. A body that ends early, and an answer with an error, leave the rest of the fields undefined. */
  export interface Pdu
    extends Omit<PduFields, 'short_message' | 'message_payload' | 'command_status' | 'sequence_number'> {
    /** `unknown` when the id is not one of SMPP's; nothing but the header is read then. */
    readonly command: string;
    readonly command_length: number;
    readonly command_id: number;
    readonly command_status: number;
    readonly sequence_number: number;
    readonly short_message?: DecodedMessage | Buffer;
    readonly message_payload?: DecodedMessage | Buffer;
    /** True when the id has the answer bit; also for generic_nack. */
    isResponse(): boolean;
    /** The answer with the same sequence number; generic_nack for an unknown command. */
    response(fields?: PduFields): Pdu;
    toBuffer(): Buffer;
  }

  /** Called with the answer. Never called when the session closes first: keep deadlines of your own. */
  export type OnAnswer = (answer: Pdu) => void;
  /** Called once the bytes have been handed to the kernel. */
  export type OnSent = (pdu: Pdu) => void;

  /** A request: false, with nothing called later, when the socket is not writable. */
  export type Request<Fields> = (fields: Fields, answered?: OnAnswer, sent?: OnSent) => boolean;
  export type EmptyRequest = (fields?: HeaderFields, answered?: OnAnswer, sent?: OnSent) => boolean;

  /** Every command received is also an event of its own name. */
  export interface SessionEvents {
    connect: [];
    secureConnect: [];
    close: [];
    /** Also a PDU that cannot be parsed: the session reads nothing after it, so destroy it. */
    error: [error: Error];
    /** Every PDU received, requests and answers. */
    pdu: [pdu: Pdu];
    send: [pdu: Pdu];
    submit_sm: [pdu: Pdu];
    deliver_sm: [pdu: Pdu];
    enquire_link: [pdu: Pdu];
    unbind: [pdu: Pdu];
    bind_receiver: [pdu: Pdu];
    bind_transmitter: [pdu: Pdu];
    bind_transceiver: [pdu: Pdu];
    generic_nack: [pdu: Pdu];
    unknown: [pdu: Pdu];
  }

  export interface Session extends EventEmitter<SessionEvents> {
    readonly socket: Socket;
    readonly options: ConnectOptions;
    /** The sequence number given last. */
    sequence: number;
    readonly paused: boolean;
    /** False when the socket is not writable; the answer's callback is then never called. */
    send(pdu: Pdu, answered?: OnAnswer, sent?: OnSent): boolean;
    submit_sm: Request<HeaderFields & MessageFields & Tlvs>;
    deliver_sm: Request<HeaderFields & MessageFields & Tlvs>;
    bind_receiver: Request<HeaderFields & BindFields>;
    bind_transmitter: Request<HeaderFields & BindFields>;
    bind_transceiver: Request<HeaderFields & BindFields>;
    enquire_link: EmptyRequest;
    unbind: EmptyRequest;
    generic_nack: EmptyRequest;
    pause(): void;
    resume(): void;
    /** Ends the socket politely; it can stay half open for as long as the other side likes. */
    close(closed?: () => void): void;
    destroy(closed?: () => void): void;
  }

  export interface ConnectOptions {
    /** `smpp://host:port` or `ssmpp://host:port`. */
    url?: string;
    host?: string;
    port?: number;
    /** Options of `tls.connect` may stand beside it. */
    tls?: boolean;
    rejectUnauthorized?: boolean;
    servername?: string;
    /** Milliseconds between enquire_links; their answers are not checked. */
    auto_enquire_link_period?: number;
  }

  export interface ServerOptions {
    key?: string | Buffer;
    cert?: string | Buffer;
  }

  /** A server of sessions; listens as `net.Server` does. */
  export interface Server extends NetServer {
    readonly sessions: Session[];
  }

  export interface PduConstructor {
    new (command: string, fields?: PduFields): Pdu;
    new (whole: Buffer): Pdu;
    /** Throws `PDU length was too large` above this many bytes; 16384, and may be set. */
    maxLength: number;
  }

  export interface CommandDefinition {
    readonly id: number;
    readonly command: string;
  }

  export interface TlvDefinition {
    readonly id: number;
    readonly tag: string;
    readonly multiple?: boolean;
  }

  export interface Smpp {
    /** `listener` is called on connect, or once the TLS handshake is done. */
    connect(options: ConnectOptions | string, listener?: () => void): Session;
    createServer(options: ServerOptions, listener: (session: Session) => void): Server;
    createServer(listener: (session: Session) => void): Server;
    readonly PDU: PduConstructor;
    /** By name, `ESME_ROK` and so on, to the number in command_status. */
    readonly errors: Readonly<Record<string, number>>;
    readonly commands: Readonly<Record<string, CommandDefinition>>;
    readonly commandsById: Readonly<Record<number, CommandDefinition>>;
    readonly tlvs: Readonly<Record<string, TlvDefinition>>;
    readonly tlvsById: Readonly<Record<number, TlvDefinition>>;
    /** Constants such as `consts.MESSAGE_STATE.DELIVERED`. */
    readonly consts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }

  const smpp: Smpp;
  export default smpp;
}
