/**
 * Whether a database is the one that this deployment was sending from, decided from what the database says of itself and
 * what this machine remembers in its own folder. A restored copy has forgotten what was sent since; sending from it would
 * send again.
 */

/** What a database says of itself; the local file remembers the same of the last time. */
export interface Identity {
  readonly deploymentId: string;
  /** Raised all the time while anything runs, first in the database, then in the file: the file is never ahead. */
  readonly epoch: number;
  readonly replicaSetId: string;
  readonly keyFingerprint: string;
  /** Ids of the times that an admin confirmed that this database is the right one. */
  readonly confirmations: readonly string[];
}

/** Why nothing is sent; each has a sentence for a person in the catalogue under `deployment.<code>`. */
export type Disagreement =
  | 'other-master-key' // people would get other names, and no secret could be opened: cannot be confirmed
  | 'other-deployment' // this folder belongs to another database
  | 'other-replica-set' // the database was copied into another MongoDB
  | 'older-database' // the database is as it was before what this machine remembers
  | 'no-local-file'; // this machine has never worked with this database

export type Standing = { readonly kind: 'agrees' } | { readonly kind: 'disagrees'; readonly why: Disagreement };

export interface Sight {
  /** What is true here and now. */
  readonly here: Pick<Identity, 'replicaSetId' | 'keyFingerprint'>;
  readonly database: Identity;
  /** What this machine remembers; null when nothing. */
  readonly file: Identity | null;
  /** The deployment that the configuration allows this machine to join. */
  readonly mayJoin: string | null;
  /** Confirmations that were there when this process first looked: they were given before, for something else. */
  readonly seenAtStart: readonly string[];
}

export function judge({ here, database, file, mayJoin, seenAtStart }: Sight): Standing {
  if (database.keyFingerprint !== here.keyFingerprint) return disagrees('other-master-key');
  const isOurs = file?.deploymentId === database.deploymentId;
  const known = isOurs ? file.confirmations : seenAtStart;
  if (database.confirmations.some((one) => !known.includes(one))) return { kind: 'agrees' };
  if (!isOurs && mayJoin !== database.deploymentId)
    return disagrees(file === null ? 'no-local-file' : 'other-deployment');
  if (database.replicaSetId !== here.replicaSetId) return disagrees('other-replica-set');
  if (isOurs && database.epoch < file.epoch) return disagrees('older-database');
  return { kind: 'agrees' };
}

const disagrees = (why: Disagreement): Standing => ({ kind: 'disagrees', why });
