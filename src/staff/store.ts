/**
 * The staff as MongoDB keeps it: employees, their accounts in chats, requests for access, the audit trail, and notices
 * on their way to people. Records of one company; departments are names.
 */
import { type ClientSession, Schema } from 'mongoose';
import { daysAfter } from '../platform/days.ts';
import type { Database } from '../platform/mongo/connect.ts';
import { sharedReading } from '../platform/shared-reading.ts';
import type { Card } from './card.ts';
import { type Employee, ROLES } from './employee.ts';

/** An employee's account in a chat: `<surface>:<account>`; for the console the account is the hash of a token. */
export interface LinkedAccount {
  readonly id: string;
  readonly employee: string;
  readonly linkedAt: Date;
}

/** Somebody unknown who asks to be let in; answered by an admin on a card. */
export interface AccessRequest {
  readonly id: string;
  readonly surface: string;
  readonly account: string;
  readonly name: string;
  readonly handle: string;
  readonly state: 'waiting' | 'granted' | 'refused';
  readonly askedAt: Date;
  readonly answeredBy: string | null;
}

/** One change by a person, appended for ever; personal data only as keys, so that erasure does not break the trail. */
export interface AuditEntry {
  readonly at: Date;
  /** Handle of the employee, or `herald` for what time brings about. */
  readonly actor: string;
  readonly action: string;
  /** What was changed, e.g. `campaign:12`. */
  readonly subject: string;
  readonly department: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A card on its way to an employee; kept until a surface has shown it. */
export interface Notice {
  readonly id: string;
  readonly employee: string;
  readonly card: Card;
  readonly at: Date;
  readonly about?: NoticeAbout;
}

/** What a notice is about, so that it can be judged anew when its turn comes. */
export interface NoticeAbout {
  /** Which news: `waiting`, `finished`. */
  readonly kind: string;
  /** Id of the campaign. */
  readonly campaign: string;
  /** Of the version that its card shows: kept as what the person was shown last. */
  readonly version?: Readonly<Record<string, string | number | null>>;
}

/** A code sent by SMS to prove that a phone is the employee's own. */
export interface PhoneProof {
  readonly employee: string;
  readonly phone: string;
  readonly codeHash: string;
  readonly triesLeft: number;
  readonly expiresAt: Date;
}

const SCHEMA = 1;
const closed = { strict: 'throw', versionKey: false, autoIndex: false, minimize: false } as const;
const version = { type: Number, default: SCHEMA };

const employeeSchema = new Schema(
  {
    _id: String,
    schemaVersion: version,
    name: { type: String, required: true },
    department: { type: String, required: true },
    roles: [{ type: String, enum: ROLES }],
    sees: Schema.Types.Mixed,
    locale: { type: String, enum: ['en', 'ru'], required: true },
    zone: { type: String, required: true },
    active: { type: Boolean, required: true },
    phone: { type: new Schema({ phone: String, confirmedAt: Date }, { _id: false }), default: null },
    email: { type: String, default: null },
    deputy: { type: new Schema({ deputy: String, until: Date }, { _id: false }), default: null },
  },
  { ...closed, collection: 'employees' },
);

const accountSchema = new Schema(
  { _id: String, schemaVersion: version, employee: String, linkedAt: Date },
  { ...closed, collection: 'accounts' },
);

const requestSchema = new Schema(
  {
    _id: String,
    schemaVersion: version,
    surface: String,
    account: String,
    name: String,
    handle: String,
    state: { type: String, enum: ['waiting', 'granted', 'refused'] },
    askedAt: Date,
    answeredBy: { type: String, default: null },
    deleteAfter: Date,
  },
  { ...closed, collection: 'accessRequests' },
);

const auditSchema = new Schema(
  {
    schemaVersion: version,
    at: Date,
    actor: String,
    action: String,
    subject: String,
    department: { type: String, default: null },
    detail: Schema.Types.Mixed,
  },
  { ...closed, collection: 'audit' },
);

const noticeSchema = new Schema(
  {
    _id: String,
    schemaVersion: version,
    employee: String,
    card: Schema.Types.Mixed,
    at: Date,
    about: Schema.Types.Mixed,
    deleteAfter: Date,
  },
  { ...closed, collection: 'notices' },
);

const proofSchema = new Schema(
  {
    _id: String,
    schemaVersion: version,
    phone: String,
    codeHash: String,
    triesLeft: Number,
    expiresAt: Date,
    deleteAfter: Date,
  },
  { ...closed, collection: 'phoneProofs' },
);

/** Requests for access and notices that nobody has seen are kept this long. */
const KEPT_DAYS = 30;

export type StaffStore = ReturnType<typeof staffStore>;

export function staffStore(database: Database) {
  const { connection } = database;
  const employees = connection.model('Employee', employeeSchema);
  const accounts = connection.model('Account', accountSchema);
  const requests = connection.model('AccessRequest', requestSchema);
  const audit = connection.model('Audit', auditSchema);
  const notices = connection.model('Notice', noticeSchema);
  const proofs = connection.model('PhoneProof', proofSchema);

  const toEmployee = (found: unknown): Employee | null => {
    if (!found) return null;
    const {
      _id,
      schemaVersion: _version,
      ...rest
    } = found as Omit<Employee, 'id'> & { _id: string; schemaVersion: number };
    // Those who were here before there were addresses have none.
    return { id: _id, ...rest, email: rest.email ?? null };
  };

  /** Nearly every card names people. */
  const employeesOf = sharedReading(async (department) => {
    const found = await employees
      .find(department === '' ? {} : { department })
      .sort({ _id: 1 })
      .lean();
    return found.map((one) => toEmployee(one)!);
  });

  return {
    inTransaction: database.inTransaction,
    /** The work address of an employee; null when none is known. */
    async emailOf(id: string): Promise<string | null> {
      return (await employees.findById(id, { email: 1 }).lean())?.email ?? null;
    },
    async employee(id: string): Promise<Employee | null> {
      return toEmployee(await employees.findById(id).lean());
    },
    employees: ({ department = '' }: { department?: string } = {}): Promise<readonly Employee[]> =>
      employeesOf(department),
    /** The phones that active employees have confirmed to be their own. */
    async confirmedPhones(): Promise<readonly string[]> {
      const found = await employees.find({ active: true, 'phone.phone': { $type: 'string' } }, { phone: 1 }).lean();
      return found.flatMap(({ phone }) => phone?.phone ?? []);
    },
    /** Adds the employee; false when the handle is taken. */
    async add(employee: Employee, session?: ClientSession): Promise<boolean> {
      const { id, ...rest } = employee;
      const kept = await employees.updateOne(
        { _id: id },
        { $setOnInsert: { ...rest, schemaVersion: SCHEMA } },
        { upsert: true, ...(session && { session }) },
      );
      return kept.upsertedCount === 1;
    },
    async change(id: string, fields: Partial<Omit<Employee, 'id'>>, session?: ClientSession): Promise<Employee | null> {
      return toEmployee(
        await employees
          .findByIdAndUpdate(id, { $set: fields }, { returnDocument: 'after', ...(session && { session }) })
          .lean(),
      );
    },

    async accountOwner(surface: string, account: string): Promise<string | null> {
      const found = await accounts.findById(`${surface}:${account}`).lean();
      return found?.employee ?? null;
    },
    async accountsOf(employee: string): Promise<LinkedAccount[]> {
      const found = await accounts.find({ employee }).sort({ linkedAt: 1 }).lean();
      return found.map((one) => ({ id: one._id!, employee: one.employee!, linkedAt: one.linkedAt! }));
    },
    async link(surface: string, account: string, employee: string, at: Date, session?: ClientSession): Promise<void> {
      await accounts.updateOne(
        { _id: `${surface}:${account}` },
        { $set: { employee, linkedAt: at, schemaVersion: SCHEMA } },
        { upsert: true, ...(session && { session }) },
      );
    },
    async unlink(ids: readonly string[], session?: ClientSession): Promise<void> {
      await accounts.deleteMany({ _id: { $in: ids } }, session ? { session } : {});
    },

    async ask(request: AccessRequest): Promise<void> {
      const { id, ...rest } = request;
      const deleteAfter = daysAfter(request.askedAt, KEPT_DAYS);
      await requests.updateOne(
        { _id: id },
        { $set: { ...rest, schemaVersion: SCHEMA, deleteAfter } },
        { upsert: true },
      );
    },
    async request(id: string): Promise<AccessRequest | null> {
      const found = await requests.findById(id).lean();
      return found ? toRequest(found) : null;
    },
    async requestsWaiting(): Promise<AccessRequest[]> {
      return (await requests.find({ state: 'waiting' }).sort({ askedAt: 1 }).lean()).map(toRequest);
    },
    /** The account's latest request. */
    async requestOf(surface: string, account: string): Promise<AccessRequest | null> {
      const found = await requests.findOne({ surface, account }).sort({ askedAt: -1 }).lean();
      return found ? toRequest(found) : null;
    },
    /** Answers a waiting request; false when somebody else did. */
    async answer(id: string, state: 'granted' | 'refused', by: string, session?: ClientSession): Promise<boolean> {
      const done = await requests.updateOne(
        { _id: id, state: 'waiting' },
        { $set: { state, answeredBy: by } },
        session ? { session } : {},
      );
      return done.modifiedCount === 1;
    },

    async appendAudit(entry: AuditEntry, session?: ClientSession): Promise<void> {
      await audit.insertMany([{ ...entry, schemaVersion: SCHEMA }], session ? { session } : {});
    },
    async auditOf(subject: string): Promise<AuditEntry[]> {
      const found = await audit.find({ subject }).sort({ at: 1, _id: 1 }).lean();
      return found.map(({ at, actor, action, department, detail }) => ({
        at: at!,
        actor: actor!,
        action: action!,
        subject,
        department: department ?? null,
        detail: (detail ?? {}) as Record<string, unknown>,
      }));
    },

    async post(notice: Notice): Promise<void> {
      const { id, ...rest } = notice;
      const deleteAfter = daysAfter(notice.at, KEPT_DAYS);
      await notices.updateOne(
        { _id: id },
        { $setOnInsert: { ...rest, schemaVersion: SCHEMA, deleteAfter } },
        { upsert: true },
      );
    },
    async noticesFor(employee: string): Promise<Notice[]> {
      const found = await notices.find({ employee }).sort({ at: 1 }).lean();
      return found.map(({ _id, card, at, about }) => ({
        id: _id!,
        employee,
        card: card as Card,
        at: at!,
        ...(about && { about: about as NoticeAbout }),
      }));
    },
    async shown(ids: readonly string[]): Promise<void> {
      if (ids.length > 0) await notices.deleteMany({ _id: { $in: ids } });
    },

    async keepProof(proof: PhoneProof): Promise<void> {
      const { employee, ...rest } = proof;
      await proofs.updateOne(
        { _id: employee },
        { $set: { ...rest, schemaVersion: SCHEMA, deleteAfter: proof.expiresAt } },
        { upsert: true },
      );
    },
    /** Spends one try and returns the proof as it stands after, or null when there is none left. */
    async tryProof(employee: string): Promise<PhoneProof | null> {
      const found = await proofs
        .findOneAndUpdate(
          { _id: employee, triesLeft: { $gt: 0 } },
          { $inc: { triesLeft: -1 } },
          { returnDocument: 'after' },
        )
        .lean();
      if (!found) return null;
      const { phone, codeHash, triesLeft, expiresAt } = found;
      return { employee, phone: phone!, codeHash: codeHash!, triesLeft: triesLeft!, expiresAt: expiresAt! };
    },
    async dropProof(employee: string): Promise<void> {
      await proofs.deleteOne({ _id: employee });
    },
  };
}

function toRequest(found: object): AccessRequest {
  const one = found as Omit<AccessRequest, 'id'> & { _id: string };
  const { surface, account, name, handle, state, askedAt, answeredBy } = one;
  return { id: one._id, surface, account, name, handle, state, askedAt, answeredBy };
}

/** Indexes of the room, in the order in which they came. */
export const staffMigrations = [
  {
    id: 100,
    name: 'staff: indexes',
    async up({ db }: Database): Promise<void> {
      await db.collection('accounts').createIndex({ employee: 1 });
      await db
        .collection('accessRequests')
        .createIndexes([{ key: { surface: 1, account: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
      await db.collection('audit').createIndex({ subject: 1, at: 1 });
      await db
        .collection('notices')
        .createIndexes([{ key: { employee: 1, at: 1 } }, { key: { deleteAfter: 1 }, expireAfterSeconds: 0 }]);
      await db.collection('phoneProofs').createIndex({ deleteAfter: 1 }, { expireAfterSeconds: 0 });
    },
  },
];
